import ServerSupport
import Testing

@Suite(.server()) struct `A connection` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private static func post(_ app: String, id: String, head: String = "") -> String {
        let body = SampleEvent(app, id: id).json
        return "POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\(head)\r\n\(body)"
    }

    @Test func `answers many requests sent at once in their order`() throws {
        let app = SampleEvent.newApp()
        let connection = try server.connect()
        let ids = (0..<40).map { "e\($0)" }
        let requests = ids.enumerated().map { number, id in
            // Some of them take the other way through the server.
            Self.post(app, id: id, head: number % 3 == 0 ? "Content-Encoding: identity\r\n" : "")
        }
        try connection.send(requests.joined())
        for id in ids {
            #expect(try connection.readAnswer().decoded(as: StoredEvent.self).eventID == id)
        }
        let stored = try server.page("source_app=\(app)&order=asc").events
        #expect(stored.map(\.eventID) == ids)
    }

    @Test(arguments: [
        "Connection: close\r\n", "Connection: close\r\nContent-Encoding: identity\r\n",
    ])
    func `takes nothing behind the request that was to be its last`(head: String) throws {
        let app = SampleEvent.newApp()
        let connection = try server.connect()
        try connection.send(Self.post(app, id: "last", head: head) + Self.post(app, id: "behind"))
        let status = try connection.readAnswer().status
        #expect(status == 200)
        #expect(connection.isClosedByPeer())
        #expect(try eventually { try server.count(ofApp: app) > 0 })
        #expect(try server.page("source_app=\(app)").events.map(\.eventID) == ["last"])
    }

    @Test(arguments: ["", "Content-Encoding: identity\r\n"])
    func `answers what came well before it ends for what did not`(head: String) throws {
        let app = SampleEvent.newApp()
        let connection = try server.connect()
        try connection.send(Self.post(app, id: "e1", head: head) + "nonsense\r\n\r\n")
        let status = try connection.readAnswer().status
        #expect(status == 200)
        #expect(try connection.readToEnd().contains("200 OK") == false)
        #expect(try eventually { try server.count(ofApp: app) == 1 })
    }

    @Test(arguments: ["close", "Close", "close, TE", "CLOSE"])
    func `is closed after the answer where its client says so`(value: String) throws {
        let connection = try HTTPConnection(port: server.port, timeoutSeconds: 1)
        let answer = try connection.request("GET", "/healthz", headers: ["Connection": value])
        #expect(answer.status == 200)
        let isClosed = connection.isClosedByPeer()
        #expect(isClosed)
    }

    @Test func `is closed after the answer to a client of HTTP 1.0`() throws {
        let connection = try HTTPConnection(port: server.port, timeoutSeconds: 1)
        try connection.send("GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
        #expect(try connection.readAnswer().status == 200)
        let isClosed = connection.isClosedByPeer()
        #expect(isClosed)
    }

    @Test(arguments: ["websocket", "h2c"])
    func `goes on after an upgrade that was not granted`(name: String) throws {
        let connection = try HTTPConnection(port: server.port, timeoutSeconds: 1)
        let first = try connection.request(
            "GET", "/healthz", headers: ["Connection": "Upgrade", "Upgrade": name])
        #expect(first.status == 200)
        // To close it is as good: the client makes another.
        let second = try? connection.request("GET", "/healthz")
        #expect(second?.status == 200 || connection.isClosedByPeer())
    }

    @Test(arguments: ["", "Content-Encoding: identity\r\n"])
    func `that only its client's side has ended is still answered`(head: String) throws {
        let app = SampleEvent.newApp()
        let connection = try server.connect()
        try connection.send(Self.post(app, id: "e1", head: head))
        connection.finishSending()
        let answer = try? connection.readAnswer()
        #expect(answer?.status == 200)
        #expect(try eventually { try server.count(ofApp: app) == 1 })
    }
}
