import ServerSupport
import Testing

@Suite(
    .server(
        "--set", "body_bytes_in_flight_max=1048576"))
struct `A client that goes away` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    @Test(arguments: [
        "application/json", "application/json; charset=utf-8", "application/x-ndjson",
    ])
    func `in the middle of a body leaves nothing behind`(type: String) throws {
        let app = SampleEvent.newApp()
        var sample = SampleEvent(app)
        sample.data = "\"" + String(repeating: "x", count: 20_000) + "\""
        let event = sample.json
        // Many times more than fits at once: what is held must be let go.
        for round in 0..<200 {
            let connection = try server.connect()
            try connection.sendHead(
                "POST", "/events",
                headers: ["Content-Type": type, "Content-Length": String(event.utf8.count + 2_000)])
            try connection.send(String(event.dropLast(round % 2)))
            if round % 3 == 0 { connection.finishSending() } else { connection.reset() }
        }
        #expect(
            try eventually {
                try server.post(SampleEvent(SampleEvent.newApp()).json).status == 200
            })
        #expect(try server.count(ofApp: app) == 0)
    }

    @Test func `after some lines leaves at most those that were complete`() throws {
        let app = SampleEvent.newApp()
        let connection = try server.connect()
        try connection.sendHead(
            "POST", "/events",
            headers: ["Content-Type": "application/x-ndjson", "Content-Length": "100000000"])
        let lines = (0..<9_000).map { SampleEvent(app, id: "e\($0)").json + "\n" }
        try connection.send(lines.joined() + SampleEvent(app, id: "cut").json.dropLast(5))
        #expect(try eventually { try server.count(ofApp: app) > 0 })
        connection.reset()
        #expect(try server.get("/healthz").status == 200)
        let stored = try server.page("source_app=\(app)&order=asc&limit=10000").events
        #expect(stored.map(\.eventID) == (0..<stored.count).map { "e\($0)" })
    }

    @Test func `before its answer has its event stored all the same`() throws {
        let app = SampleEvent.newApp()
        for number in 0..<50 {
            let connection = try server.connect()
            let body = SampleEvent(app, id: "e\(number)").json
            try connection.sendHead(
                "POST", "/events",
                headers: [
                    "Content-Type": "application/json",
                    "Content-Length": String(body.utf8.count),
                ])
            try connection.send(body)
            connection.finishSending()
        }
        #expect(try eventually { try server.count(ofApp: app) == 50 })
    }

    @Test func `in the middle of a stream frees its place`() throws {
        let app = SampleEvent.newApp()
        var event = SampleEvent(app)
        event.data = "\"" + String(repeating: "x", count: 1_000) + "\""
        let lines = String(repeating: event.json + "\n", count: 2_000)
        #expect(try server.postLines(lines).status == 200)
        for _ in 0..<50 {
            let connection = try server.connect()
            try connection.sendHead("GET", "/events", headers: ["Accept": "application/x-ndjson"])
            _ = try connection.readHead()
            connection.reset()
        }
        let answer = try server.get("/events?source_app=\(app)", accept: "application/x-ndjson")
        #expect(answer.lines.count == 2_000)
    }
}
