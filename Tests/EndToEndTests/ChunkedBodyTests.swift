import ServerSupport
import Testing

@Suite(.server()) struct `A body in pieces` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private static func lines(_ app: String, _ count: Int) -> [UInt8] {
        let lines = (0..<count).map { number in
            var event = SampleEvent(app, id: "e\(number)")
            event.data = #"{"text":"ação – 🎉 “q” \u00e9 \#(number)"}"#
            return event.json + (number % 3 == 0 ? "\r\n" : "\n")
        }
        return Array(lines.joined().utf8)
    }

    private func chunk(_ bytes: some Collection<UInt8>) -> [UInt8] {
        Array("\(String(bytes.count, radix: 16))\r\n".utf8) + Array(bytes) + [13, 10]
    }

    private static let head = [
        "Content-Type": "application/x-ndjson", "Transfer-Encoding": "chunked",
    ]

    @Test(arguments: [1, 2, 3, 7, 61, 1_000])
    func `may be cut anywhere, within lines and characters`(size: Int) throws {
        let app = SampleEvent.newApp()
        let body = Self.lines(app, 20)
        let connection = try server.connect()
        try connection.sendHead("POST", "/events", headers: Self.head)
        for start in stride(from: 0, to: body.count, by: size) {
            try connection.send(chunk(body[start..<min(start + size, body.count)]))
        }
        try connection.send("0\r\n\r\n")
        let summary = try connection.readAnswer().decoded(as: BatchAnswer.self)
        #expect(summary.accepted == 20 && summary.rejectedCount == 0)
        let stored = try server.get("/events?source_app=\(app)&order=asc").text
        #expect(stored.contains(#"{"text":"ação – 🎉 “q” \u00e9 19"}"#))
    }

    @Test func `may have extensions and trailers`() throws {
        let app = SampleEvent.newApp()
        let body = Self.lines(app, 1)
        let connection = try server.connect()
        try connection.sendHead("POST", "/events", headers: Self.head)
        try connection.send("\(String(body.count, radix: 16).uppercased());name=value\r\n")
        try connection.send(body + Array("\r\n0\r\nX-Trailer: yes\r\n\r\n".utf8))
        #expect(try connection.readAnswer().decoded(as: BatchAnswer.self).accepted == 1)
        #expect(try connection.request("GET", "/healthz").status == 200)
    }

    @Test func `is stored while it is still coming`() throws {
        let app = SampleEvent.newApp()
        let connection = try server.connect()
        try connection.sendHead("POST", "/events", headers: Self.head)
        // More than what is held until there is enough of it: the rest is on its way to the disk.
        let body = Self.lines(app, 10_000)
        try connection.send(chunk(body))
        #expect(try eventually { try server.count(ofApp: app) > 0 })
        try connection.send(chunk(Self.lines(SampleEvent.newApp(), 1)) + Array("0\r\n\r\n".utf8))
        #expect(try connection.readAnswer().decoded(as: BatchAnswer.self).accepted == 10_001)
        #expect(try server.count(ofApp: app) == 10_000)
    }

    @Test(arguments: ["application/json", "application/json; charset=utf-8"])
    func `may come byte by byte in one event`(type: String) throws {
        let app = SampleEvent.newApp()
        let body = Array(SampleEvent(app).json.utf8)
        let connection = try server.connect()
        try connection.sendHead(
            "POST", "/events",
            headers: ["Content-Type": type, "Content-Length": String(body.count)])
        for byte in body { try connection.send([byte]) }
        #expect(try connection.readAnswer().status == 200)
        #expect(try server.count(ofApp: app) == 1)
    }

    @Test func `may follow its head and the next request in one packet`() throws {
        let app = SampleEvent.newApp()
        let body = SampleEvent(app).json
        let request =
            "POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let connection = try server.connect()
        try connection.send(
            request + "GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n" + request)
        #expect(try connection.readAnswer().decoded(as: StoredEvent.self).sourceApp == app)
        #expect(try connection.readAnswer().object()["name"] as? String == "tidemark")
        #expect(try connection.readAnswer().decoded(as: StoredEvent.self).sourceApp == app)
        #expect(try server.count(ofApp: app) == 2)
    }

    @Test func `is asked for where the client waits to be asked`() throws {
        let body = SampleEvent(SampleEvent.newApp()).json
        let connection = try HTTPConnection(port: server.port, timeoutSeconds: 1)
        try connection.sendHead(
            "POST", "/events",
            headers: [
                "Content-Type": "application/json", "Content-Length": String(body.utf8.count),
                "Expect": "100-continue",
            ])
        let interim = String(decoding: try connection.readSome(), as: UTF8.self)
        #expect(interim.hasPrefix("HTTP/1.1 100 "))
        try connection.send(body)
        #expect(try connection.readAnswer().status == 200)
    }
}
