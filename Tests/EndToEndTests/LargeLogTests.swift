import Foundation
import ServerSupport
import Testing

/// A hundred thousand events, stored and read in memory that does not grow with them.
@Suite(.server(), .serialized) struct `A large log` {
    private static let count = 100_000
    /// A debug build's server has 47 MB, the newest events in memory 16 MiB, a request's batches a
    /// few; the events themselves would be 33 MB, and a JSON text of all of them as much again.
    private static let ingestBytesMax = 112 << 20
    /// What streaming may add to what is there: some chunks of the log and of the sockets' buffers.
    private static let streamBytesMax = 16 << 20

    let server: ServerProcess

    init() throws {
        server = try .shared()
        guard try server.get("/readyz").text.contains("\"last_id\":0}") else { return }
        let connection = try server.connect()
        try connection.sendHead(
            "POST", "/events",
            headers: ["Content-Type": "application/x-ndjson", "Transfer-Encoding": "chunked"])
        for start in stride(from: 0, to: Self.count, by: 500) {
            let lines = (start..<start + 500).map(Self.line).joined()
            try connection.send("\(String(lines.utf8.count, radix: 16))\r\n\(lines)\r\n")
        }
        try connection.send("0\r\n\r\n")
        let summary = try connection.readAnswer().decoded(as: BatchAnswer.self)
        #expect(summary.accepted == Self.count && summary.lastID == UInt64(Self.count))
    }

    private static func line(_ number: Int) -> String {
        "{\"type\":\"PreToolUse\",\"source_app\":\"app-\(number % 7)\","
            + "\"session_id\":\"s-\(number % 900)\","
            + "\"event_id\":\"e\(number)\",\"timestamp\":\(1_738_319_400_000 + number),"
            + "\"data\":{\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"make \(number)\","
            + "\"description\":\"" + filling + "\"}}}\n"
    }

    private static let filling = String(repeating: "some words to fill it ", count: 6)

    @Test func `is stored in bounded memory`() throws {
        #expect(server.peakResidentBytes < Self.ingestBytesMax)
    }

    @Test(arguments: ["application/x-ndjson", "text/csv"])
    func `is streamed in bounded memory`(type: String) throws {
        try server.resetPeakResidentBytes()
        let before = server.residentBytes
        let answer = try server.get("/events?order=asc&after=0&before=50001", accept: type)
        #expect(answer.lines.count == 50_000 + (type == "text/csv" ? 1 : 0))
        #expect(server.peakResidentBytes - before < Self.streamBytesMax)
    }

    @Test func `is not held up by a reader that stops reading`() throws {
        let reader = try HTTPConnection(
            port: server.port, timeoutSeconds: 60, receiveBufferBytes: 65_536)
        try reader.sendHead("GET", "/events", headers: ["Accept": "application/x-ndjson"])
        #expect(try reader.readHead().status == 200)
        #expect(try !reader.readSome().isEmpty)
        // The server's side of the connection fills up meanwhile; others are not to notice.
        let before = server.residentBytes
        let app = SampleEvent.newApp()
        let connection = try server.connect()
        let start = ContinuousClock.now
        for _ in 0..<200 {
            #expect(try connection.post("/events", SampleEvent(app).json).status == 200)
        }
        #expect(try server.postLines((0..<1_000).map(Self.line).joined()).status == 200)
        let stored = try server.page("order=asc&after=\(Self.count)&limit=10000").events
        #expect(stored.filter { $0.sourceApp == app }.count == 200)
        #expect(ContinuousClock.now - start < .seconds(15))
        #expect(server.residentBytes - before < Self.streamBytesMax)
        // It may go on when it likes.
        #expect(try !reader.readSome().isEmpty)
        reader.reset()
        #expect(try server.get("/healthz").status == 200)
    }
}
