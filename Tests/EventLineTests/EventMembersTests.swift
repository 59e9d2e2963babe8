import EventLine
import Testing

@Suite struct `A line's members` {
    private static let values = [
        "{}", "[]", "null", "true", "0", "-1.5e400", #""""#, #""a}b\"""#, #"{"a":{"b":[1,2]}}"#,
        "123456789012345678901234567890", #"{"data":{},"metadata":{}}"#,
    ]

    @Test(arguments: values)
    func `begin with data of any kind`(value: String) throws {
        var sample = SampleLine()
        sample.data = value
        for rest in ["", #","metadata":{}"#, #","a":1"#] {
            sample.rest = rest
            let line = Array(sample.text.utf8)
            let members = try #require(EventMembers(line: line))
            #expect(text(members.data, of: line) == value)
            #expect(text(members.rest, of: line) == String(rest.dropFirst()))
        }
    }

    @Test(
        arguments: [
            ("", nil), (#","metadata":{}"#, "{}"), (#","metadata":{"a":[1]},"b":2"#, #"{"a":[1]}"#),
            (#","b":2,"metadata":{}"#, nil), (#","metadatb":{}"#, nil), (#","metadat":1"#, nil),
            (#","metadata":"#, nil), (#","metadata":{"a":1"#, nil),
        ] as [(String, String?)])
    func `have their metadata first`(rest: String, metadata: String?) throws {
        var sample = SampleLine()
        sample.rest = rest
        let line = Array(sample.text.utf8)
        #expect(text(try #require(EventMembers(line: line)).metadata, of: line) == metadata)
    }

    @Test func `are the same with and without a line end`() throws {
        let line = Array(SampleLine.full.text.utf8)
        let whole = try #require(EventMembers(line: line))
        let bare = try #require(EventMembers(line: Array(line.dropLast())))
        #expect(whole.data == bare.data)
        #expect(whole.metadata == bare.metadata)
        #expect(whole.rest == bare.rest)
        #expect(text(whole.rest, of: line)?.hasSuffix(#""summary":"s""#) == true)
    }

    @Test func `are none where the line ends within data`() throws {
        let line = Array(SampleLine.full.text.utf8)
        let data = try #require(EventMembers(line: line)).data
        for length in 0...data.upperBound {
            #expect(EventMembers(line: Array(line.prefix(length))) == nil)
        }
        #expect(EventMembers(line: Array(line[..<data.upperBound]) + Array("x\n".utf8)) == nil)
    }

    @Test(
        arguments: [
            ("session", "abc"), ("a\"b", "x\ny"), ("é", "ü"), ("", "empty"), ("last", "z"),
            ("number", nil), ("object", nil), ("inner", nil), ("none", nil),
        ] as [(String, String?)])
    func `say what a string at the top of data says`(key: String, value: String?) throws {
        var sample = SampleLine()
        sample.data = #"""
            {"number":5,"object":{"inner":"no"},"session":"abc","a\"b":"x\ny","\u00e9":"\u00fc",\#
            "":"empty","last":"z"}
            """#
        let line = Array(sample.text.utf8)
        let members = try #require(EventMembers(line: line))
        #expect(members.string(key, in: line.span) == value)
    }

    @Test(arguments: ["[]", "1", #""session""#, "{}", "null"])
    func `say nothing where data holds no such string`(data: String) throws {
        var sample = SampleLine()
        sample.data = data
        let line = Array(sample.text.utf8)
        #expect(try #require(EventMembers(line: line)).string("session", in: line.span) == nil)
    }
}
