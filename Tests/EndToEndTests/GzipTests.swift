import ServerSupport
import Testing

@Suite(.server()) struct `A gzip body` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private func post(
        _ body: [UInt8], type: String = "application/x-ndjson", encoding: String = "gzip"
    ) throws -> HTTPAnswer {
        try server.request(
            "POST", "/events", headers: ["Content-Type": type, "Content-Encoding": encoding],
            body: body)
    }

    private static func lines(_ app: String, _ ids: Range<Int>) -> [UInt8] {
        Array(ids.map { SampleEvent(app, id: "e\($0)").json + "\n" }.joined().utf8)
    }

    @Test(arguments: ["gzip", "GZIP", "x-gzip"])
    func `is inflated, lines or JSON`(encoding: String) throws {
        let app = SampleEvent.newApp()
        let lines = try post(GzipMember.stored(Self.lines(app, 0..<3)), encoding: encoding)
        #expect(lines.status == 200)
        let one = GzipMember.stored(Array(SampleEvent(app).json.utf8), name: "event.json")
        let single = try post(one, type: "application/json", encoding: encoding)
        #expect(try single.decoded(as: StoredEvent.self).sourceApp == app)
        #expect(try server.count(ofApp: app) == 4)
    }

    @Test func `may be the work of a real compressor`() throws {
        let answer = try post(GzipMember.compressed)
        #expect(try answer.decoded(as: BatchAnswer.self).accepted == 1)
        #expect(try server.get("/events?source_app=APP").text.contains("word78 word18"))
    }

    @Test func `may have many members, with lines across them`() throws {
        let app = SampleEvent.newApp()
        let lines = Self.lines(app, 0..<50)
        let members = stride(from: 0, to: lines.count, by: 97).flatMap {
            GzipMember.stored(Array(lines[$0..<min($0 + 97, lines.count)]))
        }
        let summary = try post(members + GzipMember.stored([])).decoded(as: BatchAnswer.self)
        #expect(summary.accepted == 50 && summary.rejectedCount == 0)
    }

    @Test func `may be larger inflated than on the wire, within the limit of an event`() throws {
        let app = SampleEvent.newApp()
        let summary = try post(GzipMember.stored(Self.lines(app, 0..<3_000)))
        #expect(try summary.decoded(as: BatchAnswer.self).accepted == 3_000)
    }

    @Test(arguments: [1, 9, 10, 11, 60, 150, 200, 202])
    func `cut short is refused`(length: Int) throws {
        try post(Array(GzipMember.compressed.prefix(length))).expectError(400, "invalid_encoding")
        try post(Array(GzipMember.compressed.prefix(length)), type: "application/json")
            .expectError(400, "invalid_encoding")
    }

    @Test func `with damage is refused`() throws {
        let app = SampleEvent.newApp()
        let good = GzipMember.stored(Self.lines(app, 0..<1))
        for place in [0, 2, good.count - 8, good.count - 1] {
            var bad = good
            bad[place] ^= 0x10
            try post(bad).expectError(400, "invalid_encoding")
        }
        try post(good + [0]).expectError(400, "invalid_encoding")
        try post(Array(SampleEvent(app).json.utf8)).expectError(400, "invalid_encoding")
        try post([]).expectError(400, "invalid_encoding")
    }

    @Test(arguments: ["br", "deflate", "gzip, gzip", "zstd"])
    func `is the only encoding`(encoding: String) throws {
        try post(Array("{}".utf8), encoding: encoding).expectError(415, "unsupported_media_type")
    }

    @Test func `may name identity, which is none`() throws {
        let answer = try post(Self.lines(SampleEvent.newApp(), 0..<1), encoding: "identity")
        #expect(answer.status == 200)
    }
}

@Suite(.server(), .serialized) struct `A gzip bomb` {
    /// The server's own share, then what one request may hold: an inflated piece, a JSON body with
    /// its doubled buffer, or a line.
    private static let residentBytesMax = 192 << 20

    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private func post(_ type: String) throws -> HTTPAnswer {
        let connection = try HTTPConnection(port: server.port, timeoutSeconds: 60)
        return try connection.request(
            "POST", "/events", headers: ["Content-Type": type, "Content-Encoding": "gzip"],
            body: GzipMember.bomb)
    }

    @Test func `of one JSON text is refused as soon as it is too large`() throws {
        try post("application/json").expectError(413, "body_too_large")
        #expect(server.peakResidentBytes < Self.residentBytesMax)
    }

    @Test func `of lines is let through the inflater and leaves nothing behind`() throws {
        let answer = try post("application/x-ndjson")
        answer.expectError(400, "no_event_taken")
        let details = try answer.decoded(as: ErrorAnswer.self).error.details
        #expect(details?.rejected == [.init(index: 0, code: "event_too_large")])
        #expect(server.peakResidentBytes < Self.residentBytesMax)
        #expect(try server.get("/healthz").status == 200)
    }
}
