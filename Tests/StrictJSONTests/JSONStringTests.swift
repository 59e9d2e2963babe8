import Foundation
import StrictJSON
import Testing
import TestSupport

@Suite struct `What a string token says` {
    private static func decode(_ token: String) -> (text: [UInt8], isUnicode: Bool) {
        // Bytes around the token must not matter, nor bytes in the output before it.
        let bytes = Array(#"\ud83d"#.utf8) + Array(token.utf8) + Array(#"\ude00""#.utf8)
        var output: [UInt8] = [0x2A]
        let range = 6..<(6 + token.utf8.count)
        let isUnicode = JSONString.decode(range, in: bytes.span, appendingTo: &output)
        return (Array(output.dropFirst()), isUnicode)
    }

    @Test(arguments: [
        (#""""#, ""), (#""plain""#, "plain"), (#""é世😀""#, "é世😀"), (#""\"\\\/""#, #""\/"#),
        (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"), (#""\u0000""#, "\u{0}"), (#""\u0041\u007a""#, "Az"),
        (#""\u00e9\u00E9""#, "éé"), (#""\u07FF\u0800""#, "\u{7FF}\u{800}"),
        (#""\ud7ff\ue000\uffff""#, "\u{D7FF}\u{E000}\u{FFFF}"), (#""\ud83d\ude00""#, "😀"),
        (#""\uD800\uDC00""#, "\u{10000}"), (#""\udbff\udfff""#, "\u{10FFFF}"),
        (#""a\ud83d\ude00\ud83d\ude01b""#, "a😀😁b"), (#""\\u0041""#, #"\u0041"#),
        (#""\\\u0041\\""#, #"\A\"#), (#""a\u00e7\u00e3o""#, "ação"),
        (#""\u005cu0041""#, #"\u0041"#),
    ])
    func `is its characters`(token: String, text: String) {
        let said = Self.decode(token)
        #expect(said.text == Array(text.utf8))
        #expect(said.isUnicode)
    }

    @Test(arguments: [
        (#""\ud800""#, "\u{FFFD}"), (#""\udfff""#, "\u{FFFD}"), (#""a\ud800b""#, "a\u{FFFD}b"),
        (#""\udc00\ud800""#, "\u{FFFD}\u{FFFD}"), (#""\ud800\n""#, "\u{FFFD}\n"),
        (#""\ud800\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud800\u0041""#, "\u{FFFD}A"),
        (#""\ud83d\ude00\ud800""#, "😀\u{FFFD}"), (#""\ud800\\udc00""#, "\u{FFFD}\\udc00"),
        (#""\ud800 \udc00""#, "\u{FFFD} \u{FFFD}"), (#""\ud83d""#, "\u{FFFD}"),
    ])
    func `has a replacement for half a pair, and says so`(token: String, text: String) {
        let said = Self.decode(token)
        #expect(said.text == Array(text.utf8))
        #expect(!said.isUnicode)
    }

    @Test func `is the same to Foundation for every escaped unit`() throws {
        for unit in UInt32(0)...0xFFFF where !(0xD800...0xDFFF).contains(unit) && unit % 7 == 0 {
            let hex = String(unit, radix: 16)
            let token = "\"\\u" + String(repeating: "0", count: 4 - hex.count) + hex + "\""
            let scalar = try #require(Unicode.Scalar(unit))
            if Self.decode(token).text != Array(String(scalar).utf8) { Issue.record("\(token)") }
        }
    }

    @Test(arguments: seeds(50, long: 5_000))
    func `is the same to Foundation for random tokens`(seed: UInt64) throws {
        for token in RandomJSON(seed: seed, allowsLoneSurrogates: false).strings {
            let value = try JSONSerialization.jsonObject(
                with: Data(token.spelling.utf8), options: .fragmentsAllowed)
            let text = try #require(value as? String)
            #expect(Self.decode(token.spelling).text == Array(text.utf8))
        }
    }
}

@Suite struct `A token made for a text` {
    private static func encode(_ text: String) -> String {
        var fromText: [UInt8] = [0x2A]
        JSONString.encode(text, appendingTo: &fromText)
        var fromBytes: [UInt8] = [0x2A]
        let bytes = Array(text.utf8)
        JSONString.encode(bytes.span, appendingTo: &fromBytes)
        #expect(fromText == fromBytes)
        return String(decoding: fromText.dropFirst(), as: UTF8.self)
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), (#"a"b\c/d"#, #""a\"b\\c/d""#),
        ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{1}\u{8}\u{B}\u{C}\u{1F}", #""\u0000\u0001\u0008\u000b\u000c\u001f""#),
        ("\u{7F}é\u{2028}😀", "\"\u{7F}é\u{2028}😀\""),
    ])
    func `escapes what must be escaped and nothing else`(text: String, token: String) {
        #expect(Self.encode(text) == token)
    }

    @Test(arguments: [
        "", "\"", "\\", "\\\"", "\\u0041", "\"\"\"", "a\u{0}b", "\r\n", "\u{2028}\u{2029}", "😀",
        "]}", "a\u{FEFF}", "\u{FFFF}\u{10FFFF}", "e\u{301}", "\\ud800", "</script>", "';--",
        String(repeating: "\\", count: 99), String(repeating: "\"\n\u{1}é", count: 50),
        String((0..<0x80).compactMap { Unicode.Scalar($0).map(Character.init) }),
    ])
    func `says that text again, to us and to Foundation`(text: String) throws {
        let token = Array(Self.encode(text).utf8)
        #expect(fault(in: token) == nil)
        var said: [UInt8] = []
        #expect(JSONString.decode(0..<token.count, in: token.span, appendingTo: &said))
        #expect(said == Array(text.utf8))
        let value = try JSONSerialization.jsonObject(
            with: Data([0x5B] + token + [0x5D]))
        let read = try #require((value as? [String])?.first)
        #expect(Array(read.utf8) == Array(text.utf8))
    }
}
