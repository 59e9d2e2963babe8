import ServerSupport
import Testing

@Suite(.server("--allow-host", "Tidemark.example", "--allow-origin", "http://localhost:5173"))
struct `The door` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private func post(_ headers: [String: String], app: String = "app") throws -> HTTPAnswer {
        try server.connect().post("/events", SampleEvent(app).json, headers: headers)
    }

    // MARK: Host

    @Test(
        arguments: [
            "localhost", "LOCALHOST", "127.0.0.1", "[::1]", "localhost:1", "127.0.0.1:65535",
            "[::1]:4000", "tidemark.example", "TIDEMARK.EXAMPLE:80",
        ])
    func `is open to the names of this server`(host: String) throws {
        #expect(try server.request("GET", "/healthz", headers: ["Host": host]).status == 200)
        #expect(try post(["Host": host]).status == 200)
    }

    @Test(
        arguments: [
            "evil.example", "localhost.evil.example", "evil.localhost", "127.0.0.2", "127.0.0.1.",
            "0.0.0.0", "[::2]", "::1", "example", "xtidemark.example", "localhost@evil.example",
        ])
    func `is shut to other names, so that a page cannot rebind its own`(host: String) throws {
        let app = SampleEvent.newApp()
        for path in ["/events", "/healthz", "/nothing"] {
            let answer = try server.request("GET", path, headers: ["Host": host])
            answer.expectError(403, "host_not_allowed")
            #expect(!answer.text.contains(host))
        }
        try post(["Host": host], app: app).expectError(403, "host_not_allowed")
        #expect(try server.count(ofApp: app) == 0)
    }

    @Test(arguments: ["HTTP/1.1\r\n\r\n", "HTTP/1.1\r\nHost:\r\n\r\n", "HTTP/1.0\r\n\r\n"])
    func `is shut where no name is given`(rest: String) throws {
        let connection = try server.connect()
        try connection.send("GET /healthz \(rest)")
        try connection.readAnswer().expectError(400, "missing_host")
    }

    @Test func `is not opened by a second name`() throws {
        let connection = try server.connect()
        try connection.send(
            "GET /healthz HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\n\r\n")
        #expect([400, 403].contains(try connection.readAnswer().status))
        let other = try server.connect()
        try other.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
        let status = try other.readAnswer().status
        #expect(status == 400)
    }

    // MARK: Origin

    @Test(arguments: ["GET", "POST"])
    func `lets pages of the server itself and of the list read the answer`(method: String) throws {
        for origin in ["http://localhost:5173", server.url] {
            let answer = try server.request(
                method, "/events",
                headers: ["Origin": origin, "Content-Type": "application/json"],
                body: method == "POST" ? Array(SampleEvent("app").json.utf8) : [])
            #expect(answer.status == 200)
            #expect(answer.headers["access-control-allow-origin"] == origin)
            #expect(answer.headers["vary"] == "Origin")
            #expect(answer.headers["access-control-allow-credentials"] == nil)
        }
    }

    @Test func `lets them read what went wrong too`() throws {
        let headers = ["Origin": "http://localhost:5173"]
        for (path, status) in [("/nothing", 404), ("/events?limit=0", 400), ("/hooks/a", 405)] {
            let answer = try server.request("GET", path, headers: headers)
            #expect(answer.status == status)
            #expect(answer.headers["access-control-allow-origin"] == headers["Origin"])
        }
        #expect(try server.request("GET", "/events", headers: [:]).headers["vary"] == nil)
    }

    @Test(
        arguments: [
            "null", "http://evil.example", "http://localhost", "http://localhost:5174",
            "https://localhost:5173", "http://localhost:5173.evil.example", "",
            "http://LOCALHOST:5173/", "file://", "http://127.0.0.1:1",
        ])
    func `is shut to other pages, before anything is done`(origin: String) throws {
        let app = SampleEvent.newApp()
        let answer = try post(["Origin": origin], app: app)
        answer.expectError(403, "origin_not_allowed")
        #expect(answer.headers["access-control-allow-origin"] == nil)
        #expect(origin.isEmpty || !answer.text.contains(origin))
        #expect(try server.count(ofApp: app) == 0)
        try server.request("GET", "/events", headers: ["Origin": origin])
            .expectError(403, "origin_not_allowed")
        try server.request("OPTIONS", "/events", headers: ["Origin": origin])
            .expectError(403, "origin_not_allowed")
    }

    @Test func `answers a page's question beforehand`() throws {
        let answer = try server.request(
            "OPTIONS", "/events",
            headers: [
                "Origin": "http://localhost:5173", "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type",
            ])
        #expect(answer.status == 204 && answer.body.isEmpty)
        #expect(answer.headers["access-control-allow-origin"] == "http://localhost:5173")
        #expect(answer.headers["access-control-allow-methods"]?.contains("POST") == true)
        #expect(
            answer.headers["access-control-allow-headers"]?.lowercased().contains("content-type")
                == true)
        #expect(answer.headers["vary"] == "Origin")
    }
}
