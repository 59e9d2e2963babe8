import StrictJSON
import Testing

@Suite struct `The structure of a text` {
    @Test(arguments: [
        "[]", "{}", "[[]]", "[{}]", "{\"\":{}}", "[[],{},[{}]]", "{\"a\":[{\"b\":{}}]}", "[1,2,3]",
        "{\"a\":1,\"b\":2}", "\"\"", "{\"a\":1,\"a\":2}", "{\"\":1,\"\":1}", "\t[\n1\r,\t2 ]\n",
        "{ \"a\" : 1 , \"b\" : [ ] }", "[\"]\",\"}\",\",\",\":\"]", "{\"{\":\"}\"}", "  \r\n\t 0",
    ])
    func `is taken as the grammar has it`(text: String) {
        #expect(fault(in: text) == nil)
    }

    @Test(arguments: [
        ("", "unexpected end at byte 0"),
        (" ", "unexpected end at byte 1"),
        ("[", "unexpected end at byte 1"),
        ("{", "unexpected end at byte 1"),
        ("[1", "unexpected end at byte 2"),
        ("[1,", "unexpected end at byte 3"),
        ("{\"a\"", "unexpected end at byte 4"),
        ("{\"a\":", "unexpected end at byte 5"),
        ("{\"a\":1", "unexpected end at byte 6"),
        ("{\"a\":1,", "unexpected end at byte 7"),
        ("]", "unexpected byte at byte 0"),
        ("}", "unexpected byte at byte 0"),
        (",", "unexpected byte at byte 0"),
        (":", "unexpected byte at byte 0"),
        ("[,]", "unexpected byte at byte 1"),
        ("[,1]", "unexpected byte at byte 1"),
        ("[1,]", "unexpected byte at byte 3"),
        ("[1,,2]", "unexpected byte at byte 3"),
        ("[1,,2}", "unexpected byte at byte 3"),
        ("[1}", "unexpected byte at byte 2"),
        ("[}", "unexpected byte at byte 1"),
        ("[1;2]", "unexpected byte at byte 2"),
        ("[\"a\":1]", "unexpected byte at byte 4"),
        ("{]", "unexpected byte at byte 1"),
        ("{,}", "unexpected byte at byte 1"),
        ("{1:2}", "unexpected byte at byte 1"),
        ("{a:1}", "unexpected byte at byte 1"),
        ("{'a':1}", "unexpected byte at byte 1"),
        ("{null:1}", "unexpected byte at byte 1"),
        ("{[]:1}", "unexpected byte at byte 1"),
        ("{\"a\"}", "unexpected byte at byte 4"),
        ("{\"a\",\"b\"}", "unexpected byte at byte 4"),
        ("{\"a\" 1}", "unexpected byte at byte 5"),
        ("{\"a\"=1}", "unexpected byte at byte 4"),
        ("{\"a\":}", "unexpected byte at byte 5"),
        ("{\"a\"::1}", "unexpected byte at byte 5"),
        ("{\"a\":1]", "unexpected byte at byte 6"),
        ("{\"a\":1,}", "unexpected byte at byte 7"),
        ("{\"a\":1,,\"b\":2}", "unexpected byte at byte 7"),
        ("{\"a\":1 \"b\":2}", "unexpected byte at byte 7"),
        ("{\"a\":1,2}", "unexpected byte at byte 7"),
        ("{\"a\":[1,{\"b\":2]}}", "unexpected byte at byte 14"),
        ("// a\n1", "unexpected byte at byte 0"),
        ("/* a */1", "unexpected byte at byte 0"),
        ("[1/**/]", "unexpected byte at byte 2"),
        ("\u{0}1", "unexpected byte at byte 0"),
        ("\u{B}1", "unexpected byte at byte 0"),
        ("\u{C}1", "unexpected byte at byte 0"),
        ("\u{A0}1", "unexpected byte at byte 0"),
        ("[\u{85}1]", "unexpected byte at byte 1"),
        ("[\u{2028}1]", "unexpected byte at byte 1"),
        ("[1]]", "more bytes after the value at byte 3"),
        ("[1],", "more bytes after the value at byte 3"),
        ("{}{}", "more bytes after the value at byte 2"),
        ("[] x", "more bytes after the value at byte 3"),
        ("{}\u{0}", "more bytes after the value at byte 2"),
        ("[1]//", "more bytes after the value at byte 3"),
        ("\"a\"b\"", "more bytes after the value at byte 3"),
    ])
    func `is refused in any other form`(text: String, reason: String) {
        #expect(fault(in: text)?.description == reason)
    }

    @Test(arguments: [
        ("\u{FEFF}{}", true), ("\u{FEFF}", true), ("{}\u{FEFF}", false), ("\u{FEFE}", false),
        ("\u{FFFF}", false), ("{}", false), ("", false), ("é", false),
    ])
    func `may not begin with a byte order mark`(text: String, isRefused: Bool) {
        let bytes = Array(text.utf8)
        var reason: String?
        do throws(JSONFault) {
            try JSONCursor(0..<bytes.count).rejectByteOrderMark(in: bytes.span)
        } catch {
            reason = error.description
        }
        #expect(reason == (isRefused ? "byte order mark at byte 0" : nil))
    }

    @Test func `has its byte order mark told only where all of it stands`() throws {
        let bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
        try JSONCursor(0..<2).rejectByteOrderMark(in: bytes.span)
        #expect(fault(in: bytes + Array("{}".utf8))?.reason == .unexpectedByte)
    }
}
