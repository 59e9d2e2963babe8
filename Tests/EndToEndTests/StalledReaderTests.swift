import ServerSupport
import Testing

@Suite(.server("--set", "keep_alive_seconds_max=1"), .serialized)
struct `A reader that is slow` {
    private static let count = 20_000

    let server: ServerProcess

    init() throws {
        server = try .shared()
        guard try server.get("/readyz").text.contains("\"last_id\":0}") else { return }
        var event = SampleEvent("app")
        event.data = "\"" + String(repeating: "text ", count: 60) + "\""
        let lines = Array(repeating: event.json + "\n", count: Self.count).joined()
        #expect(try server.postLines(lines).status == 200)
    }

    private func reader() throws -> HTTPConnection {
        try HTTPConnection(port: server.port, timeoutSeconds: 30, receiveBufferBytes: 65_536)
    }

    private static let stream = ["Accept": "application/x-ndjson"]

    @Test func `gets all of its answer, however long it pauses`() throws {
        let reader = try reader()
        try reader.sendHead("GET", "/events", headers: Self.stream)
        letPass(milliseconds: 1_500)
        #expect(try reader.readAnswer().lines.count == Self.count)
    }

    @Test func `gets all of its second answer too, where it has asked for both at once`() throws {
        let reader = try reader()
        try reader.sendHead("GET", "/healthz")
        try reader.sendHead("GET", "/events", headers: Self.stream)
        #expect(try reader.readAnswer().status == 200)
        letPass(milliseconds: 1_500)
        #expect(try reader.readAnswer().lines.count == Self.count)
    }
}
