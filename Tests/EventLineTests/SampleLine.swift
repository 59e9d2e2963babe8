import EventLine
import TimeSeries

/// A stored line from its parts; each is JSON as it stands in the line.
struct SampleLine {
    var id = "1042"
    var eventID = #""0199-e1""#
    var type = #""PreToolUse""#
    var sourceApp = #""backend-api""#
    var sessionID = #""sess_abc123""#
    var agentID: String? = #""agent_001""#
    var timestamp = #""2025-01-31T10:30:00.000Z""#
    var serverTimestamp = #""2025-01-31T10:30:00.003Z""#
    var processingTime = "3"
    var data = #"{"tool_name":"Bash"}"#
    /// Members after `data`, each with a comma before it.
    var rest = ""

    /// The members that stand before `data`, in their order.
    var envelope: [String] {
        [
            "\"id\":\(id)", "\"event_id\":\(eventID)", "\"type\":\(type)",
            "\"source_app\":\(sourceApp)", "\"session_id\":\(sessionID)",
            agentID.map { "\"agent_id\":\($0)" }, "\"timestamp\":\(timestamp)",
            "\"server_timestamp\":\(serverTimestamp)", "\"processing_time_ms\":\(processingTime)",
            "\"enrichment_version\":\"1.0.0\"",
        ].compactMap(\.self)
    }

    var text: String { "{\(envelope.joined(separator: ",")),\"data\":\(data)\(rest)}\n" }

    /// One that has everything.
    static let full = SampleLine(
        data: #"{"tool_name":"Bash","n":[1,{"x":"y"}]}"#,
        rest: #","metadata":{"host":"a","n":[1]},"chat":["hi"],"summary":"s""#)
}

/// The lines of a log that are no events.
enum OtherLine {
    static let header = #"{"kind":"header","format":1,"log_id":"0199-l"}"# + "\n"
    static let samples =
        #"{"id":1043,"kind":"samples","server_timestamp":"2025-01-31T10:30:00.003Z","samples":[]}"#
        + "\n"
}

// The readers take spans, which a test's expectation cannot hold on to.

extension EventEnvelope {
    init?(line: [UInt8]) { self.init(line.span) }

    init?(line: String) { self.init(line: Array(line.utf8)) }
}

extension EventMembers {
    init?(line: [UInt8]) {
        guard let envelope = EventEnvelope(line.span) else { return nil }
        self.init(line.span, after: envelope)
    }
}

func lineID(_ line: String) -> EventID? {
    let bytes = Array(line.utf8)
    return EventEnvelope.id(of: bytes.span)
}

func matches(_ filter: EventFilter, _ line: [UInt8]) -> Bool {
    guard let envelope = EventEnvelope(line.span) else { return false }
    return EventMatcher(filter).matches(line.span, envelope)
}

/// The stretch of a line, as text.
func text(_ range: Range<Int>?, of line: [UInt8]) -> String? {
    range.map { String(decoding: line[$0], as: UTF8.self) }
}
