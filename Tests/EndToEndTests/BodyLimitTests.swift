import ServerSupport
import Testing

@Suite(
    .server(
        "--set", "json_body_bytes_max=4096", "--set", "event_bytes_max=1024",
        "--set", "event_members_max=16", "--set", "name_bytes_max=16"))
struct `A body's size` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    /// An event of exactly so many bytes.
    private static func event(_ app: String, bytes: Int) -> String {
        var event = SampleEvent(app)
        event.data = "\"\""
        let rest = bytes - event.json.utf8.count
        event.data = "\"" + String(repeating: "x", count: rest) + "\""
        return event.json
    }

    @Test func `is limited for one event`() throws {
        #expect(try server.post(Self.event("one", bytes: 1_024)).status == 200)
        try server.post(Self.event("one", bytes: 1_025)).expectError(413, "event_too_large")
        let answer = try server.post(Self.event("one", bytes: 1_025), to: "/hooks/app")
        do {
            answer.expectError(413, "event_too_large")
        }
        let answers = try server.post("[\(Self.event("one", bytes: 1_025)),{}]")
        answers.expectError(400, "no_event_taken")
    }

    @Test func `is limited for a JSON text as a whole`() throws {
        let events = Array(repeating: Self.event("whole", bytes: 1_000), count: 4)
        #expect(try server.post("[" + events.joined(separator: ",") + "]").status == 200)
        let tooMany = events + [Self.event("whole", bytes: 300)]
        try server.post("[" + tooMany.joined(separator: ",") + "]")
            .expectError(413, "body_too_large")
        try server.connect().request(
            "POST", "/events", headers: ["Content-Type": "application/json"],
            body: Array(repeating: UInt8(ascii: " "), count: 5_000)
        ).expectError(413, "body_too_large")
    }

    @Test func `is not limited for lines, but for each of them`() throws {
        let lines = (0..<200).map { number in
            Self.event("lines", bytes: number == 100 ? 1_025 : number == 150 ? 60_000 : 1_024)
        }
        for ending in ["\n", "\r\n"] {
            let answer = try server.postLines(lines.joined(separator: ending) + ending)
            let summary = try answer.decoded(as: BatchAnswer.self)
            #expect(summary.accepted == 198)
            #expect(
                summary.rejected == [
                    .init(index: 100, code: "event_too_large"),
                    .init(index: 150, code: "event_too_large"),
                ])
        }
    }

    @Test func `is limited for a line that does not end, and the lines before it count`() throws {
        let body = Self.event("end", bytes: 500) + "\n" + String(repeating: "y", count: 100_000)
        let summary = try server.postLines(body).decoded(as: BatchAnswer.self)
        #expect(summary.accepted == 1)
        #expect(summary.rejected == [.init(index: 1, code: "event_too_large")])
    }

    @Test func `is limited in members and names`() throws {
        let members = (0..<12).map { "\"k\($0)\":1" }.joined(separator: ",")
        let event = SampleEvent("members").json
        #expect(try server.post(event.dropLast() + "," + members + "}").status == 200)
        try server.post(event.dropLast() + ",\"k12\":1," + members + "}")
            .expectError(400, "too_many_members")
        let name = String(repeating: "é", count: 8)
        #expect(try server.store(SampleEvent(name)).sourceApp == name)
        try server.post(SampleEvent(name + "x").json).expectError(400, "field_too_long")
    }
}
