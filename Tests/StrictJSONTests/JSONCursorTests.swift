import StrictJSON
import Testing
import TestSupport

@Suite struct `A JSON cursor` {
    /// What a caller notes down on its way through an object.
    private struct Steps: Equatable {
        var keys: [String] = []
        var values: [String] = []
    }

    private static func steps(_ text: String) throws(JSONFault) -> Steps {
        let bytes = Array(text.utf8)
        let span = bytes.span
        var cursor = JSONCursor(0..<bytes.count)
        var steps = Steps()
        var more = try cursor.enterObject(in: span)
        while more {
            let key = try cursor.nextKey(in: span)
            steps.keys.append(String(decoding: bytes[key], as: UTF8.self))
            _ = try cursor.peek(in: span)
            let start = cursor.position
            try cursor.skipValue(in: span)
            steps.values.append(String(decoding: bytes[start..<cursor.position], as: UTF8.self))
            more = try cursor.anotherMember(in: span)
        }
        try cursor.finish(in: span)
        return steps
    }

    @Test func `steps through the members of an object`() throws {
        let steps = try Self.steps(#" { "a" : [ 1, {} ] ,"\u0062":"x y", "":{ "z":1 } } "#)
        #expect(steps.keys == [#""a""#, #""\u0062""#, #""""#])
        #expect(steps.values == ["[ 1, {} ]", #""x y""#, #"{ "z":1 }"#])
        #expect(try Self.steps(" { } ") == Steps())
    }

    @Test(arguments: [
        #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":1 "b":2}"#, #"{"a" 1}"#, #"{"a":}"#, #"{1:1}"#,
        #"{"a":1]"#, "[]", "1", "", "{", #"{"a""#, #"{"a":1"#, #"{"a":1}}"#, #"{"a":1},"#,
        #"{"a":tru}"#, #"{"a\q":1}"#,
    ])
    func `refuses on its way what it would refuse in one go`(text: String) {
        #expect(throws: JSONFault.self) { try Self.steps(text) }
    }

    @Test func `steps through the elements of an array`() throws {
        let bytes = Array(#" [ "a" , 2,[ ] ] "#.utf8)
        let span = bytes.span
        var cursor = JSONCursor(0..<bytes.count)
        var values: [String] = []
        var more = try cursor.enterArray(in: span)
        while more {
            _ = try cursor.peek(in: span)
            let start = cursor.position
            try cursor.skipValue(in: span)
            values.append(String(decoding: bytes[start..<cursor.position], as: UTF8.self))
            more = try cursor.anotherElement(in: span)
        }
        try cursor.finish(in: span)
        #expect(values == [#""a""#, "2", "[ ]"])
    }

    @Test(arguments: ["1", "true", #""a""#, "[1]", #"{"a":1}"#, "-0.5e1"])
    func `stands behind a value once it has moved over it`(text: String) throws {
        let bytes = Array("xx\(text)\t".utf8)
        let span = bytes.span
        var cursor = JSONCursor(2..<bytes.count)
        try cursor.skipValue(in: span)
        #expect(cursor.position == 2 + text.utf8.count)
        #expect(!cursor.sawWhitespace)
        try cursor.finish(in: span)
        #expect(cursor.position == bytes.count)
    }

    @Test(
        arguments: [
            ("1", "1", nil), ("12", "1", nil), ("truex", "true", nil), (#""a""#, #""a"#, 2),
            ("[1]", "[1", 2), ("1.5", "1.", 2), ("1e5", "1e", 2), ("true", "tru", 3),
            (#""\n""#, #""\"#, 2), (#""\u0041""#, #""\u004"#, 6), ("-1", "-", 1), ("{}", "{", 1),
        ] as [(String, String, Int?)])
    func `reads nothing beyond its end`(text: String, part: String, offset: Int?) {
        let bytes = Array(text.utf8)
        let found = fault(in: 0..<part.utf8.count, of: bytes)
        #expect(found?.offset == offset)
        #expect(found == nil || found?.reason == .unexpectedEnd)
    }

    private static func noticed(_ text: String) throws(JSONFault) -> [Bool] {
        let bytes = Array(text.utf8)
        var cursor = JSONCursor(0..<bytes.count)
        try cursor.skipValue(in: bytes.span)
        try cursor.finish(in: bytes.span)
        return [cursor.sawWhitespace, cursor.escapes > 0, cursor.sawEscapedASCII]
    }

    @Test(arguments: [
        (#""""#, 0), (#""a""#, 0), (#""\n""#, 1), (#""\\""#, 1), (#""\\n""#, 1), (#""\\\n""#, 2),
        (#""\u0041\ud83d\ude00""#, 3), (#"{"\t":["\"",{"a":"\/\/"}]}"#, 4), ("[1,true]", 0),
    ])
    func `counts the escapes that it has moved over`(text: String, count: Int) throws {
        let bytes = Array(text.utf8)
        var cursor = JSONCursor(0..<bytes.count)
        try cursor.skipValue(in: bytes.span)
        #expect(cursor.escapes == count)
    }

    @Test(arguments: [
        (#"{"a b":[1,"  "]}"#, false), ("[1, 2]", true), ("[1 ,2]", true), ("[ 1]", true),
        ("[1 ]", true), (#"{ "a":1}"#, true), (#"{"a" :1}"#, true), (#"{"a": 1}"#, true),
        (#"{"a":1 }"#, true), ("[ ]", true), ("{\n}", true), (" 1", true), ("1 ", true),
        ("1\n", true), ("1\r", true), ("1\t", true), ("1", false),
    ])
    func `notices white space between tokens`(text: String, isSeen: Bool) throws {
        #expect(try Self.noticed(text) == [isSeen, false, false])
    }

    @Test(arguments: [
        (#""a""#, false, false), (#""\n""#, true, false), (#""\\""#, true, false),
        (#""\u0041""#, true, true), (#""\u0020""#, true, true), (#""\u007e""#, true, true),
        (#""\u001f""#, true, false), (#""\u007f""#, true, false), (#""\u00e9""#, true, false),
        (#""\u4141""#, true, false), (#""\ud800""#, true, false), (#"{"\u0061":1}"#, true, true),
        (#"["\u0041","\u00e9"]"#, true, true), (#"["\u00e9",["\u0041"]]"#, true, true),
        (#""\\u0041""#, true, false),
    ])
    func `notices escapes, and ASCII hidden in them`(
        text: String, isEscaped: Bool, hidesASCII: Bool
    ) throws {
        #expect(try Self.noticed(text) == [false, isEscaped, hidesASCII])
    }

    @Test(arguments: seeds(100, long: 20_000))
    func `takes every random document, spaced or not`(seed: UInt64) {
        var document = RandomJSON(seed: seed)
        #expect(fault(in: document.compact) == nil)
        #expect(fault(in: document.spaced()) == nil)
    }

    @Test func `says where in the text a fault is, not where in the memory`() {
        let bytes = Array("{}{}[1,x]".utf8)
        #expect(fault(in: 4..<9, of: bytes)?.description == "unexpected byte at byte 3")
    }
}
