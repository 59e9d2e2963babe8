import ServerSupport
import Testing

@Suite(
    .server(
        "--set", "header_seconds_max=1", "--set", "body_idle_seconds_max=1",
        "--set", "keep_alive_seconds_max=1"))
struct `A connection's deadline` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private static let patience = Duration.milliseconds(900)...Duration.seconds(8)

    /// How long the server lets connections be, all at the same time, each of which says something
    /// of its own and then is silent.
    private func lifetimes(
        _ count: Int, _ speak: @escaping @Sendable (HTTPConnection, Int) throws -> Void
    ) throws -> [Duration] {
        let server = server
        return try onThreads(count) { number in
            let connection = try server.connect()
            try speak(connection, number)
            return ContinuousClock().measure { while !connection.isClosedByPeer() {} }
        }
    }

    @Test func `is short before a whole header has come`() throws {
        let starts = ["", "GET /heal", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"]
        let times = try lifetimes(3) { connection, number in try connection.send(starts[number]) }
        #expect(times.allSatisfy(Self.patience.contains))
    }

    @Test func `is not put off by a header that trickles in`() throws {
        let connection = try server.connect()
        try connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ")
        let start = ContinuousClock.now
        // A byte now and then, until the server has had enough.
        let isClosed = eventually {
            letPass(milliseconds: 100)
            return (try? connection.send("a")) == nil
        }
        #expect(isClosed)
        #expect(Self.patience.contains(ContinuousClock.now - start))
    }

    @Test func `is short where no request follows another`() throws {
        let times = try lifetimes(2) { connection, number in
            let answer =
                number == 0
                ? try connection.request("GET", "/healthz")
                : try connection.post("/events", SampleEvent("app").json)
            #expect(answer.status == 200)
        }
        #expect(times.allSatisfy(Self.patience.contains))
    }

    @Test func `is short where a body stalls, wanted or not`() throws {
        let bodies = [
            ("/events", "application/json"), ("/events", "application/json; charset=utf-8"),
            ("/events", "application/x-ndjson"), ("/hooks/app", "application/json"),
            ("/nothing", "application/json"), ("/events", "text/plain"),
        ]
        let times = try lifetimes(bodies.count) { connection, number in
            try connection.sendHead(
                "POST", bodies[number].0,
                headers: ["Content-Type": bodies[number].1, "Content-Length": "1000"])
            try connection.send("{")
        }
        #expect(times.allSatisfy(Self.patience.contains))
    }

    @Test func `begins anew with every piece of a body`() throws {
        let (server, app) = (server, SampleEvent.newApp())
        let body = Array(SampleEvent(app).json.utf8)
        let types = [
            "application/json", "application/json; charset=utf-8", "application/x-ndjson",
        ]
        let statuses = try onThreads(types.count) { number in
            let connection = try server.connect()
            try connection.sendHead(
                "POST", "/events",
                headers: ["Content-Type": types[number], "Content-Length": String(body.count)])
            for piece in 0..<5 {
                // Five waits of 400 ms are more than the limit, each is less.
                letPass(milliseconds: 400)
                let part = (body.count * piece / 5)..<(body.count * (piece + 1) / 5)
                try connection.send(body[part])
            }
            return try connection.readAnswer().status
        }
        #expect(statuses == [200, 200, 200])
        #expect(try server.count(ofApp: app) == 3)
    }
}
