import StrictJSON
import Testing

@Suite struct `A string` {
    @Test(arguments: [
        #""""#, #""a""#, #""\"""#, #""\\""#, #""\/""#, #""\b\f\n\r\t""#, #""\u0000""#, #""\u001f""#,
        #""\uFFFF""#, #""\uabCD""#, #""\u0022\u005c""#, #""\\u12""#, #""\\\\""#, #""\\\"""#,
        #""/""#,
        #""\ud83d\ude00""#, #""\uD800\uDC00""#, #""\uDBFF\uDFFF""#,
        // Surrogates without their other half are valid JSON, though no text.
        #""\ud800""#, #""\udfff""#, #""\udc00\ud800""#, #""\ud800a""#, #""\ud800\n""#,
        #""\ud800\ud800\udc00""#,
        "\"\u{7F}\"", "\"\u{80}\"", "\"\u{85}\"", "\"é世😀\"", "\"\u{2028}\u{2029}\"",
        "\"\u{FFFE}\u{FFFF}\"", "\"\u{FDCF}\u{10FFFF}\"", "\"a,b:c{d}e[f]\"", "\"\u{FEFF}\"",
    ])
    func `is taken with every escape and every character`(text: String) {
        for text in [text, "[\(text)]", "{\(text):\(text)}"] { #expect(fault(in: text) == nil) }
    }

    @Test(arguments: [
        (#"""#, "unexpected end at byte 1"),
        (#""abc"#, "unexpected end at byte 4"),
        (#""\"#, "unexpected end at byte 2"),
        (#""\""#, "unexpected end at byte 3"),
        (#""a\"#, "unexpected end at byte 3"),
        (#""\u"#, "unexpected end at byte 3"),
        (#""\u12"#, "unexpected end at byte 5"),
        (#""\u1234"#, "unexpected end at byte 7"),
        (#"["\q"]"#, "invalid escape at byte 2"),
        (#""\U0041""#, "invalid escape at byte 1"),
        (#""\x41""#, "invalid escape at byte 1"),
        (#""\'""#, "invalid escape at byte 1"),
        (#""\0""#, "invalid escape at byte 1"),
        (#""\a""#, "invalid escape at byte 1"),
        (#""\v""#, "invalid escape at byte 1"),
        (#""\N""#, "invalid escape at byte 1"),
        (#""\ ""#, "invalid escape at byte 1"),
        (#""\é""#, "invalid escape at byte 1"),
        ("\"\\\n\"", "invalid escape at byte 1"),
        (#""abc\u000""#, "invalid escape at byte 4"),
        (#""\u00g0""#, "invalid escape at byte 1"),
        (#""\uG000""#, "invalid escape at byte 1"),
        (#""\u000:""#, "invalid escape at byte 1"),
        (#""\u000/""#, "invalid escape at byte 1"),
        (#""\u000@""#, "invalid escape at byte 1"),
        (#""\u000`""#, "invalid escape at byte 1"),
        (#""\u+123""#, "invalid escape at byte 1"),
        (#""\u 123""#, "invalid escape at byte 1"),
        (#""\u12 4""#, "invalid escape at byte 1"),
        (#""\u{41}""#, "invalid escape at byte 1"),
        (#""\ud800\q""#, "invalid escape at byte 7"),
        (#""\ud800\u""#, "unexpected end at byte 10"),
        ("'a'", "unexpected byte at byte 0"),
    ])
    func `is refused with any other escape, or unclosed`(text: String, reason: String) {
        #expect(fault(in: text)?.description == reason)
    }

    @Test(arguments: UInt8(0)..<0x20)
    func `holds no raw control character`(byte: UInt8) {
        for prefix in ["", "a", "é", "\\n", "long enough for a word of eight"] {
            let bytes = Array("\"\(prefix)".utf8) + [byte] + Array("b\"".utf8)
            #expect(fault(in: bytes)?.reason == .controlCharacter)
            #expect(fault(in: bytes)?.offset == prefix.utf8.count + 1)
        }
    }

    @Test func `holds every other ASCII character`() {
        for byte in UInt8(0x20)..<0x80 where byte != 0x22 && byte != 0x5C {
            #expect(fault(in: [0x22, byte, 0x22]) == nil, "\(byte)")
        }
    }

    @Test func `takes exactly the digits of a hexadecimal number`() {
        let digits = Set("0123456789abcdefABCDEF".utf8)
        for byte in UInt8(0x20)..<0x80 {
            for place in 0..<4 {
                var bytes = Array(#""\u0000""#.utf8)
                bytes[3 + place] = byte
                #expect((fault(in: bytes) == nil) == digits.contains(byte), "\(byte) at \(place)")
            }
        }
    }

    @Test func `takes exactly eight letters after a backslash, and u`() {
        let letters = Set("\"\\/bfnrt".utf8)
        for byte in UInt8(0)...0xFF where byte != UInt8(ascii: "u") {
            let bytes = Array("\"\\".utf8) + [byte] + Array("\"".utf8)
            #expect((fault(in: bytes) == nil) == letters.contains(byte), "\(byte)")
        }
    }
}
