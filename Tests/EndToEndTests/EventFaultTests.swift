import ServerSupport
import Testing

@Suite(.server()) struct `An event that cannot be taken` {
    /// Stands in every value that a sender gives here; no answer may hold it.
    static let mark = "MARK7f3a"

    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let code: String
        let field: String?
        let json: String
        var testDescription: String { "\(code) \(field ?? "")" }

        init(_ code: String, _ field: String?, _ json: String) {
            (self.code, self.field, self.json) = (code, field, json)
        }
    }

    private static func event(
        type: String? = marked, app: String? = marked, session: String? = marked,
        data: String? = marked, more: String = ""
    ) -> String {
        let members = [
            type.map { "\"type\":\($0)" }, app.map { "\"source_app\":\($0)" },
            session.map { "\"session_id\":\($0)" }, data.map { "\"data\":\($0)" },
            more.isEmpty ? nil : more,
        ]
        return "{" + members.compactMap(\.self).joined(separator: ",") + "}"
    }

    private static let marked = "\"\(mark)\""
    private static let long = "\"" + String(repeating: mark, count: 40) + "\""

    static let cases: [Case] = [
        Case("invalid_json", nil, ""),
        Case("invalid_json", nil, "{\"\(mark)\":tru}"),
        Case("invalid_json", nil, event() + "\"\(mark)\""),
        Case("invalid_json", nil, event(data: "\"\(mark)\u{1}\"")),
        Case("invalid_json", nil, "\u{FEFF}" + event()),
        Case("not_an_object", nil, "\"\(mark)\""),
        Case("not_an_object", nil, "17"),
        Case(
            "too_many_members", nil,
            event(more: (0..<1_025).map { "\"\(mark)\($0)\":1" }.joined(separator: ","))),
        Case("duplicate_key", "type", event(more: "\"type\":\"\(mark)\"")),
        Case("duplicate_key", "data", event(more: #""d\u0061ta":1"#)),
        Case("missing_field", "type", event(type: nil)),
        Case("missing_field", "type", event(type: "\"\"")),
        Case("missing_field", "type", event(type: "null")),
        Case("missing_field", "source_app", event(app: nil)),
        Case("missing_field", "session_id", event(session: nil)),
        Case("missing_field", "data", event(data: nil)),
        Case("invalid_field", "type", event(type: "[\"\(mark)\"]")),
        Case("invalid_field", "source_app", event(app: "{\"\(mark)\":1}")),
        Case("invalid_field", "session_id", event(session: "7")),
        Case("invalid_field", "session_id", event(session: #""\ud800""#)),
        Case("invalid_field", "event_id", event(more: "\"event_id\":[\"\(mark)\"]")),
        Case("invalid_field", "agent_id", event(more: "\"agent_id\":true")),
        Case("invalid_field", "metadata", event(more: "\"metadata\":[\"\(mark)\"]")),
        Case("field_too_long", "type", event(type: long)),
        Case("field_too_long", "source_app", event(app: long)),
        Case("field_too_long", "session_id", event(session: long)),
        Case("field_too_long", "event_id", event(more: "\"event_id\":\(long)")),
        Case("field_too_long", "agent_id", event(more: "\"agent_id\":\(long)")),
        Case("invalid_timestamp", "timestamp", event(more: "\"timestamp\":\"\(mark)\"")),
        Case("invalid_timestamp", "timestamp", event(more: "\"timestamp\":1e400")),
        Case("invalid_timestamp", "timestamp", event(more: "\"timestamp\":true")),
        Case("invalid_timestamp", "timestamp", event(more: #""timestamp":"2025-02-30T00:00:00Z""#)),
        Case(
            "timestamp_in_future", "timestamp",
            event(more: #""timestamp":"2999-01-01T00:00:00Z""#)),
        Case("timestamp_in_future", "timestamp", event(more: "\"timestamp\":32503680000000")),
    ]

    @Test(arguments: cases)
    func `is refused with its code and its field, and never quoted`(item: Case) throws {
        let answer = try server.post(item.json)
        answer.expectError(400, item.code)
        #expect(try answer.decoded(as: ErrorAnswer.self).error.details?.field == item.field)
        #expect(!answer.text.contains(Self.mark), "\(answer.text)")
    }

    @Test(arguments: cases.filter { !$0.json.isEmpty })
    func `is refused with the same code among lines, and never quoted`(item: Case) throws {
        let app = SampleEvent.newApp()
        let answer = try server.postLines(SampleEvent(app).json + "\n" + item.json)
        let summary = try answer.decoded(as: BatchAnswer.self)
        #expect(summary.accepted == 1)
        #expect(summary.rejected == [.init(index: 1, code: item.code)])
        #expect(!answer.text.contains(Self.mark), "\(answer.text)")
    }

    @Test func `may be as deep as a parser must not be`() throws {
        var event = SampleEvent(SampleEvent.newApp())
        event.data = String(repeating: "[", count: 100_000)
        try server.post(event.json).expectError(400, "invalid_json")
        #expect(try server.get("/healthz").status == 200)
    }
}
