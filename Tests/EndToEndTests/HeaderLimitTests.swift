import ServerSupport
import Testing

@Suite(.server("--set", "header_bytes_max=2048", "--set", "header_fields_max=8"))
struct `A request's header` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private func send(_ fields: [String], target: String = "/healthz") throws -> HTTPAnswer {
        let connection = try server.connect()
        let lines = (["Host: localhost"] + fields).map { $0 + "\r\n" }.joined()
        try connection.send("GET \(target) HTTP/1.1\r\n\(lines)\r\n")
        let answer = try connection.readAnswer()
        if answer.status != 200 { #expect(connection.isClosedByPeer()) }
        return answer
    }

    @Test func `may be as large as header_bytes_max and no larger`() throws {
        #expect(try send(["X: " + String(repeating: "a", count: 1_900)]).status == 200)
        #expect(try send(["X: " + String(repeating: "a", count: 2_100)]).status == 400)
        let fields = (0..<4).map { "X\($0): " + String(repeating: "a", count: 600) }
        #expect(try send(Array(fields.prefix(3))).status == 200)
        #expect(try send(fields).status == 400)
        #expect(try send([String(repeating: "X", count: 2_100) + ": a"]).status == 400)
    }

    @Test func `may have header_fields_max fields and no more`() throws {
        let fields = (1...8).map { "X\($0): a" }
        #expect(try send(Array(fields.prefix(7))).status == 200)
        #expect(try send(fields).status == 400)
    }

    @Test func `counts its target`() throws {
        let long = "/events?q=" + String(repeating: "a", count: 1_500)
        #expect(try send([], target: long).status == 200)
        let longer = "/events?q=" + String(repeating: "a", count: 2_100)
        #expect(try send([], target: longer).status == 400)
    }
}
