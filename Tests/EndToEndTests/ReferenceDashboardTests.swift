import Foundation
import ServerSupport
import Testing

@Suite(.server(), .serialized) struct `The reference's dashboard` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private func recent(_ limit: String = "") throws -> [[String: Any]] {
        let answer = try server.get("/events/recent" + limit)
        #expect(answer.status == 200)
        let list = try JSONSerialization.jsonObject(with: Data(answer.body))
        return try #require(list as? [[String: Any]])
    }

    @Test func `is given the newest events, oldest first, in its shape`() throws {
        let app = SampleEvent.newApp()
        var event = SampleEvent(app)
        event.timestamp = "\"2025-01-31T10:30:00Z\""
        event.data = #"{"tool_name":"Bash"}"#
        for number in 0..<5 {
            event.session = "s\(number)"
            try server.store(event)
        }
        let list = try recent()
        let ids = list.compactMap { $0["id"] as? Int }
        #expect(ids.count == list.count && ids == ids.sorted())
        let mine = list.filter { $0["source_app"] as? String == app }
        #expect(mine.map { $0["session_id"] as? String } == ["s0", "s1", "s2", "s3", "s4"])
        let first = try #require(mine.first)
        #expect(first["hook_event_type"] as? String == "PreToolUse")
        #expect(first["timestamp"] as? Int == 1_738_319_400_000)
        #expect(first["payload"] as? [String: String] == ["tool_name": "Bash"])
        #expect(first["type"] == nil && first["data"] == nil)
        let last = try recent("?limit=2")
        #expect(last.map { $0["session_id"] as? String } == ["s3", "s4"])
    }

    @Test(arguments: ["0", "-1", "10001", "abc", "", "1e3"])
    func `cannot ask for an impossible number of events`(limit: String) throws {
        try server.get("/events/recent?limit=\(limit)").expectError(400, "invalid_parameter")
    }

    @Test func `learns what there is to filter by, the newest session first`() throws {
        let app = SampleEvent.newApp()
        for session in ["older", "newer"] {
            var event = SampleEvent(app)
            (event.session, event.type) = ("\(session)-\(app)", "Type of \(app)")
            try server.store(event)
        }
        let options = try server.get("/events/filter-options").object()
        #expect(options.keys.sorted() == ["hook_event_types", "session_ids", "source_apps"])
        let apps = try #require(options["source_apps"] as? [String])
        #expect(apps.contains(app))
        let sessions = try #require(options["session_ids"] as? [String])
        #expect(Array(sessions.prefix(2)) == ["newer-\(app)", "older-\(app)"])
        let types = try #require(options["hook_event_types"] as? [String])
        #expect(types.contains("Type of \(app)"))
    }
}
