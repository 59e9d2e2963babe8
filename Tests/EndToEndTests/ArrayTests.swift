import ServerSupport
import Testing

@Suite(.server("--set", "array_events_max=1000")) struct `An array of events` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private func post(_ elements: [String]) throws -> BatchAnswer {
        let answer = try server.post("[" + elements.joined(separator: ",") + "]")
        #expect(answer.status == 200)
        return try answer.decoded(as: BatchAnswer.self)
    }

    @Test func `is stored in its order`() throws {
        let app = SampleEvent.newApp()
        let summary = try post((0..<7).map { SampleEvent(app, id: "e\($0)").json })
        #expect(summary.accepted == 7 && summary.duplicates == 0 && summary.rejectedCount == 0)
        let stored = try server.page("source_app=\(app)&order=asc").events
        #expect(stored.map(\.eventID) == (0..<7).map { "e\($0)" })
        #expect(summary.lastID == stored.last?.id)
    }

    @Test func `may mix dialects, good events and bad ones`() throws {
        let app = SampleEvent.newApp()
        let summary = try post([
            "7", SampleEvent(app, id: "a").json, #"{"type":"T"}"#,
            #"{"hook_event_type":"T","source_app":"\#(app)","session_id":"s","payload":1}"#,
            #" {"hook_event_name":"T","session_id":"s","cwd":"/srv/\#(app)"} "#,
            SampleEvent(app, id: "a").json, #"{"hook_event_type":"T"}"#,
        ])
        #expect(summary.accepted == 3 && summary.duplicates == 1 && summary.rejectedCount == 3)
        #expect(
            summary.rejected == [
                .init(index: 0, code: "not_an_object"), .init(index: 2, code: "missing_field"),
                .init(index: 6, code: "missing_field"),
            ])
        #expect(try server.count(ofApp: app) == 3)
    }

    @Test func `may be empty`() throws {
        let answer = try server.post(" [ ] ")
        #expect(answer.status == 200)
        #expect(
            answer.text
                == #"{"accepted":0,"duplicates":0,"rejected_count":0,"rejected":[],"last_id":null}"#
        )
    }

    @Test func `of bad events only is refused`() throws {
        let answer = try server.post("[1,{}]")
        answer.expectError(400, "no_event_taken")
        let details = try answer.decoded(as: ErrorAnswer.self).error.details
        #expect(
            details?.rejected == [
                .init(index: 0, code: "not_an_object"), .init(index: 1, code: "missing_field"),
            ])
    }

    @Test(arguments: ["[", "[1,]", "[{]", "[{}}", "[] x", "[{\"a\":tru}]", "[\u{1}]"])
    func `with a fault of grammar is refused as a whole`(tail: String) throws {
        let app = SampleEvent.newApp()
        let body = tail.replacing("[", with: "[" + SampleEvent(app).json + ",", maxReplacements: 1)
        try server.post(body).expectError(400, "invalid_json")
        #expect(try server.count(ofApp: app) == 0)
    }

    @Test func `has a limit of events`() throws {
        let app = SampleEvent.newApp()
        #expect(try post(Array(repeating: SampleEvent(app).json, count: 1_000)).accepted == 1_000)
        let events = Array(repeating: SampleEvent(app).json, count: 1_001)
        let answer = try server.post("[" + events.joined(separator: ",") + "]")
        answer.expectError(413, "body_too_large")
        #expect(try server.count(ofApp: app) == 1_000)
    }
}
