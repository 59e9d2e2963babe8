import ServerSupport
import Testing

@Suite(.server("--set", "stream_heartbeat_seconds=1")) struct `A stream of server-sent events` {
    let server: ServerProcess

    init() throws { server = try .shared() }

    /// Reads a chunked stream until it holds a text.
    private func read(_ connection: HTTPConnection, until text: String) throws -> String {
        var all = ""
        while !all.contains(text) {
            let some = try connection.readSome()
            guard !some.isEmpty else { break }
            all += String(decoding: some, as: UTF8.self)
        }
        return all
    }

    private func open(
        _ target: String, headers: [String: String] = [:]
    ) throws -> HTTPConnection {
        let connection = try server.connect()
        try connection.sendHead("GET", target, headers: headers)
        let head = try connection.readHead()
        try #require(head.status == 200)
        #expect(head.headers["content-type"] == "text/event-stream; charset=utf-8")
        return connection
    }

    @Test func `brings events with their ids, and a heartbeat with a name`() throws {
        let app = SampleEvent.newApp()
        let connection = try open("/events/stream?source_app=\(app)")
        #expect(try read(connection, until: "subscribed").contains("event: subscribed\n"))
        let answer = try server.post(SampleEvent(app).json)
        let stored = try answer.decoded(as: StoredEvent.self)
        let text = try read(connection, until: "heartbeat")
        #expect(text.contains("id: \(stored.id)\ndata: \(answer.text)\n\n"))
        #expect(text.contains("event: heartbeat\ndata: {\"log_id\":"))
    }

    @Test func `goes on behind the last event that came`() throws {
        let app = SampleEvent.newApp()
        let ids = try (0..<20).map { _ in try server.store(SampleEvent(app)).id }
        let connection = try open(
            "/events/stream?source_app=\(app)", headers: ["Last-Event-ID": "\(ids[4])"])
        let last = try server.store(SampleEvent(app)).id
        let text = try read(connection, until: "id: \(last)\n")
        let found = text.matches(of: #/(?m)^id: (\d+)$/#).compactMap { UInt64($0.1) }
        #expect(found == ids[5...] + [last])
    }

    @Test func `knows the filters of GET /events, and what it cannot do`() throws {
        let app = SampleEvent.newApp()
        let connection = try open("/events/stream?source_app=\(app)&q=needle&type=Stop")
        _ = try read(connection, until: "subscribed")
        var event = SampleEvent(app)
        event.type = "Stop"
        try server.store(event)
        event.data = "{\"a\":\"a Needle in hay\"}"
        let id = try server.store(event).id
        #expect(try read(connection, until: "Needle").contains("id: \(id)\n"))
        #expect(try server.get("/events/stream?limit=3").status == 400)
        let future = try server.request(
            "GET", "/events/stream", headers: ["Last-Event-ID": "99999999"])
        #expect(future.status == 400 && future.text.contains("since_unknown"))
    }

    @Test func `of alerts is there to be listened to`() throws {
        let connection = try open("/alerts/stream")
        #expect(try read(connection, until: "heartbeat").contains("event: subscribed\n"))
    }
}
