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

    /// How long the server lets a connection be that has said this much.
    private func lifetime(_ connection: HTTPConnection) -> Duration {
        let clock = ContinuousClock()
        return clock.measure { while !connection.isClosedByPeer() {} }
    }

    private static let patience = Duration.milliseconds(900)...Duration.seconds(8)

    @Test(arguments: ["", "GET /heal", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"])
    func `is short before a whole header has come`(start: String) throws {
        let connection = try server.connect()
        try connection.send(start)
        #expect(Self.patience.contains(lifetime(connection)))
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
        let connection = try server.connect()
        #expect(try connection.request("GET", "/healthz").status == 200)
        #expect(Self.patience.contains(lifetime(connection)))
        let other = try server.connect()
        #expect(try other.post("/events", SampleEvent("app").json).status == 200)
        #expect(Self.patience.contains(lifetime(other)))
    }

    @Test(arguments: ["application/json", "application/x-ndjson"])
    func `is short where a body stalls`(type: String) throws {
        let connection = try server.connect()
        try connection.sendHead(
            "POST", "/events", headers: ["Content-Type": type, "Content-Length": "1000"])
        try connection.send("{")
        #expect(Self.patience.contains(lifetime(connection)))
    }

    @Test func `is short where a refused body stalls`() throws {
        let connection = try server.connect()
        try connection.sendHead("POST", "/nothing", headers: ["Content-Length": "1000"])
        #expect(try connection.readAnswer().status == 404)
        #expect(Self.patience.contains(lifetime(connection)))
    }

    @Test(arguments: ["application/json", "application/x-ndjson"])
    func `begins anew with every piece of a body`(type: String) throws {
        let app = SampleEvent.newApp()
        let connection = try server.connect()
        let body = Array(SampleEvent(app).json.utf8)
        try connection.sendHead(
            "POST", "/events",
            headers: ["Content-Type": type, "Content-Length": String(body.count)])
        let start = ContinuousClock.now
        for piece in 0..<5 {
            // Five waits of 400 ms are more than the limit, each is less.
            letPass(milliseconds: 400)
            try connection.send(body[(body.count * piece / 5)..<(body.count * (piece + 1) / 5)])
        }
        #expect(ContinuousClock.now - start > .seconds(2))
        #expect(try connection.readAnswer().status == 200)
        #expect(try server.count(ofApp: app) == 1)
    }
}
