import ServerSupport
import Testing

@Suite(.server()) struct `A body of lines` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private func post(_ text: String) throws -> BatchAnswer {
        let answer = try server.postLines(text)
        #expect(answer.status == 200, "\(answer.text)")
        return try answer.decoded(as: BatchAnswer.self)
    }

    @Test(arguments: ["application/x-ndjson", "application/ndjson", "application/jsonl"])
    func `is known by any of its names`(name: String) throws {
        let app = SampleEvent.newApp()
        let lines = SampleEvent(app).json + "\n" + SampleEvent(app).json + "\n"
        let answer = try server.postLines(
            lines, headers: ["Content-Type": "\(name); charset=utf-8"])
        #expect(answer.status == 200)
        #expect(try server.count(ofApp: app) == 2)
    }

    @Test func `may have CRLF, blank lines, and no end on its last line`() throws {
        let app = SampleEvent.newApp()
        let lines = (0..<4).map { SampleEvent(app, id: "e\($0)").json }
        let text = "\n\r\n\(lines[0])\r\n \t\r\n\(lines[1])\n\n\n  \(lines[2])  \r\n\(lines[3])"
        let summary = try post(text)
        #expect(summary.accepted == 4 && summary.rejectedCount == 0)
        let stored = try server.page("source_app=\(app)&order=asc").events
        #expect(stored.map(\.eventID) == ["e0", "e1", "e2", "e3"])
        #expect(summary.lastID == stored.last?.id)
    }

    @Test func `may mix dialects`() throws {
        let app = SampleEvent.newApp()
        let summary = try post(
            """
            \(SampleEvent(app).json)
            {"hook_event_type":"T","source_app":"\(app)","session_id":"s","payload":{}}
            {"hook_event_name":"T","session_id":"s","cwd":"/srv/\(app)"}
            """)
        #expect(summary.accepted == 3)
        #expect(try server.count(ofApp: app) == 3)
    }

    @Test func `is taken but for its bad lines, which are named by their place`() throws {
        let app = SampleEvent.newApp()
        let lines = [
            SampleEvent(app, id: "a").json, "{", "", "[]", SampleEvent(app, id: "b").json,
            #"{"type":"T","source_app":"\#(app)","session_id":"s"}"#, "\u{7f}nonsense",
            #"{"type":"T","type":"T","source_app":"\#(app)","session_id":"s","data":1}"#,
            SampleEvent(app, id: "a").json,
        ]
        let summary = try post(lines.joined(separator: "\n"))
        #expect(summary.accepted == 2 && summary.duplicates == 1 && summary.rejectedCount == 5)
        #expect(
            summary.rejected == [
                .init(index: 1, code: "invalid_json"), .init(index: 2, code: "not_an_object"),
                .init(index: 4, code: "missing_field"), .init(index: 5, code: "invalid_json"),
                .init(index: 6, code: "duplicate_key"),
            ], "blank lines have no number")
    }

    @Test func `lists a hundred rejections and counts the others`() throws {
        let app = SampleEvent.newApp()
        let bad = Array(repeating: "{}", count: 150)
        let summary = try post((bad + [SampleEvent(app).json]).joined(separator: "\n"))
        #expect(summary.accepted == 1 && summary.rejectedCount == 150)
        #expect(summary.rejected.map(\.index) == Array(0..<100))
    }

    @Test func `of bad lines only is refused`() throws {
        let answer = try server.postLines("{}\n[]\n")
        answer.expectError(400, "no_event_taken")
        let details = try answer.decoded(as: ErrorAnswer.self).error.details
        #expect(details?.rejectedCount == 2)
        #expect(
            details?.rejected == [
                .init(index: 0, code: "missing_field"), .init(index: 1, code: "not_an_object"),
            ])
    }

    @Test func `of duplicates only is not refused`() throws {
        let event = SampleEvent(SampleEvent.newApp(), id: "a").json
        #expect(try post(event).accepted == 1)
        let summary = try post(event + "\n{}")
        #expect(summary.accepted == 0 && summary.duplicates == 1 && summary.lastID == nil)
    }

    @Test(arguments: ["", "\n", "\r\n \t\r\n"])
    func `may be empty`(text: String) throws {
        let summary = try post(text)
        #expect(summary.accepted == 0 && summary.rejectedCount == 0 && summary.lastID == nil)
    }

    @Test func `is not UTF-8 in one line and taken in the others`() throws {
        let app = SampleEvent.newApp()
        let event = Array(SampleEvent(app).json.utf8)
        var bad = SampleEvent(app)
        bad.data = "\"?\""
        let mark = Array(bad.json.utf8).map { $0 == UInt8(ascii: "?") ? 0xFF : $0 }
        let answer = try server.request(
            "POST", "/events", headers: ["Content-Type": "application/x-ndjson"],
            body: event + [10] + mark + [10] + event)
        let summary = try answer.decoded(as: BatchAnswer.self)
        #expect(summary.accepted == 2)
        #expect(summary.rejected == [.init(index: 1, code: "invalid_json")])
    }
}
