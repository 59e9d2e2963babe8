import Catalogue
import TestSupport
import TimeSeries
import Testing

@Suite struct `An event` {
    @Test func `is counted by app and type, with the lag of its arrival`() {
        var line = SampleLine(type: #""Stop""#, millisecond: 250)
        #expect(
            observed(line) == [
                Observed(#"events{"source_app":"web","type":"Stop"}"#, "1", at: 250),
                Observed(#"ingest.lag{"source_app":"web"}"#, "3", at: 250),
            ])
        line.processingTime = "-17"
        #expect(observed(line).last?.value == "-17")
    }

    @Test func `of a tool's start is a start`() {
        #expect(
            observed(.tool("PreToolUse", at: 5)).dropFirst(2) == [
                Observed(#"tool.starts{"source_app":"web","tool":"Bash"}"#, "1", at: 5)
            ])
    }

    @Test func `of a tool's end is a call, and a duration where the line says one`() {
        #expect(
            observed(.tool("PostToolUse", at: 9, duration: "12.5")).dropFirst(2) == [
                Observed(#"tool.calls{"source_app":"web","tool":"Bash"}"#, "1", at: 9),
                Observed(#"tool.duration{"source_app":"web","tool":"Bash"}"#, "12.5", at: 9),
            ])
        #expect(
            observed(.tool("PostToolUseFailure", at: 9)).dropFirst(2) == [
                Observed(#"tool.failures{"source_app":"web","tool":"Bash"}"#, "1", at: 9),
                Observed(#"tool.calls{"source_app":"web","tool":"Bash"}"#, "1", at: 9),
            ])
    }

    @Test(
        arguments: [
            ("1e3", "1000"), ("0.0000005", "0"), ("0.0000015", "0.000002"), ("-0", "0"),
            ("100000000000000000000", "100000000000000000000"), ("null", nil),
        ] as [(String, String?)])
    func `has its duration quantised once`(token: String, value: String?) {
        let durations = observed("tool.duration", [.tool("PostToolUse", duration: token)])
        #expect(durations.map(\.value) == (value.map { [$0] } ?? []))
    }

    @Test(
        arguments: [
            ("1e400", .outOfRange), ("100000000000000000001", .outOfRange), (#""12""#, .notANumber),
            ("true", .notANumber), ("{}", .notANumber),
        ] as [(String, Omission)])
    func `has no duration where the number is none`(token: String, reason: Omission) {
        var observer = LineObserver()
        let found = observer.observe([.tool("PostToolUse", duration: token)])
        #expect(found.count == 3)
        #expect(observer.omissions[reason] == 1)
        #expect(observer.omissions.total == 1)
    }

    @Test func `without a tool's name is counted without the tag`() {
        for data in ["{}", "[]", "7", #"{"tool_name":5}"#, #"{"tool_name":""}"#] {
            let line = SampleLine(data: data)
            #expect(observed(line).last == Observed(#"tool.starts{"source_app":"web"}"#, "1"))
        }
    }

    @Test func `of any other type is read no further than its data`() {
        var observer = LineObserver()
        let line = SampleLine(type: #""Custom""#, data: #"{"broken"#)
        #expect(observer.observe(line.text).count == 2)
        #expect(observer.omissions.total == 0)
    }

    @Test func `whose data is damaged gives nothing where it is needed`() {
        var observer = LineObserver()
        #expect(observer.observe(SampleLine(data: #"{"tool_name":"Bash","x"}"#).text).isEmpty)
        #expect(observer.omissions[.malformedLine] == 1)
    }

    @Test func `may come with a transcript, of which only the time counts`() {
        var observer = LineObserver()
        let line =
            #"{"id":7,"kind":"transcript","server_timestamp":"2026-11-25T10:00:00.000Z","#
            + #""source_app":"a","session_id":"s","from":0,"previous":0,"count":1,"messages":[1]}"#
        #expect(observer.observe(line + "\n").isEmpty)
        #expect(observer.omissions.total == 0)
        #expect(observer.clock.description == "2026-11-25T10:00:00.000Z")
    }

    @Test(arguments: ["7", "null", "{}"])
    func `needs strings for its tags`(app: String) {
        var observer = LineObserver()
        #expect(observer.observe(SampleLine(type: #""Stop""#, sourceApp: app).text).isEmpty)
        #expect(observer.omissions[.malformedLine] == 1)
    }
}

@Suite struct `A tag's value` {
    private static func app(_ token: String) -> String? {
        observed(SampleLine(type: #""Stop""#, sourceApp: token)).last?.series
    }

    @Test(
        arguments: [
            (#""a""#, #""a""#), (#""é😀""#, #""é😀""#), (#""a\"b\\c""#, #""a\"b\\c""#),
            (#""\u0061\/\b\f""#, #""a/\u0008\u000c""#), (#""\n\r\t\u001f""#, #""\n\r\t\u001f""#),
            (#""\u00e9\ud83d\ude00""#, #""é😀""#), (#""\ud83d!""#, #""\#u{FFFD}!""#),
        ])
    func `is spelled in one way`(token: String, spelled: String) {
        #expect(Self.app(token) == #"ingest.lag{"source_app":\#(spelled)}"#)
    }

    @Test func `is the same series however it is escaped`() throws {
        for token in [#""web\/api""#, #""web\u002fapi""#, #""\u0077eb/api""#] {
            let series = try #require(Self.app(token))
            let bytes = Array(series.utf8)
            let key = try SeriesKey(canonical: bytes.span)
            #expect(key == SeriesKey(metric: "ingest.lag", tags: [.init("source_app", "web/api")]))
        }
    }

    @Test func `is left out where it is empty`() {
        #expect(Self.app(#""""#) == "ingest.lag{}")
        #expect(
            observed(SampleLine(type: #""Stop""#, sourceApp: #""""#)).first?.series
                == #"events{"type":"Stop"}"#)
    }

    @Test func `is cut at a character where it is too long`() {
        let long = String(repeating: "x", count: 255)
        #expect(Self.app("\"\(long)y\"") == #"ingest.lag{"source_app":"\#(long)y"}"#)
        #expect(Self.app("\"\(long)yz\"") == #"ingest.lag{"source_app":"\#(long)y"}"#)
        #expect(Self.app("\"\(long)é\"") == #"ingest.lag{"source_app":"\#(long)"}"#)
    }

    @Test(arguments: seeds(40, long: 2_000))
    func `is canonical whatever the token`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let pieces = [
            "a", "é", "😀", #"\n"#, #"\u0041"#, #"\ud83d\ude00"#, #"\""#, #"\\"#, #"\/"#, #"\ud800"#,
            " ", "{", "}", #"\u0000"#,
        ]
        let token =
            "\""
            + (0..<Int.random(in: 1...400, using: &random)).map { _ in random.pick(pieces) }
            .joined()
            + "\""
        let series = try #require(Self.app(token))
        let bytes = Array(series.utf8)
        let key = try SeriesKey(canonical: bytes.span)
        #expect(key["source_app"]?.utf8.count ?? 0 <= 256)
    }
}
