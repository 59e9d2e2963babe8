internal import StrictJSON
internal import TimeSeries

/// The one transcoding of a line: the shape that the reference hooks and their dashboard know.
///
///     {"id":7,"source_app":…,"session_id":…,"hook_event_type":…,"payload":…,
///      …agent_id, metadata and the sender's other keys…,"event_id":…,"timestamp":1738319400000}
public enum ReferenceShape {
    /// Appends the object without a line end; false where the line is no event.
    public static func append(_ line: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        guard let envelope = EventEnvelope(line),
            let members = EventMembers(line, after: envelope)
        else { return false }
        output.append(contentsOf: "{\"id\":".utf8)
        output.append(decimal: envelope.id.value)
        append("source_app", line, envelope.sourceApp, to: &output)
        append("session_id", line, envelope.sessionID, to: &output)
        append("hook_event_type", line, envelope.type, to: &output)
        append("payload", line, members.data, to: &output)
        if let agentID = envelope.agentID { append("agent_id", line, agentID, to: &output) }
        if !members.rest.isEmpty {
            output.append(UInt8(ascii: ","))
            output.append(contentsOf: line, members.rest)
        }
        append("event_id", line, envelope.eventID, to: &output)
        output.append(contentsOf: ",\"timestamp\":".utf8)
        output.append(decimal: envelope.timestamp.milliseconds)
        output.append(UInt8(ascii: "}"))
        return true
    }

    private static func append(
        _ key: String, _ line: Span<UInt8>, _ value: Range<Int>, to output: inout [UInt8]
    ) {
        output.append(contentsOf: ",\"".utf8)
        output.append(contentsOf: key.utf8)
        output.append(contentsOf: "\":".utf8)
        output.append(contentsOf: line, value)
    }
}

/// What follows the envelope in a line.
public struct EventMembers: Sendable {
    public let data: Range<Int>
    public let metadata: Range<Int>?
    /// All members after `data`, as they stand, without the comma before and the brace behind.
    public let rest: Range<Int>

    private static let metadataKey = Array("\"metadata\":".utf8)

    public init?(_ line: Span<UInt8>, after envelope: EventEnvelope) {
        var cursor = JSONCursor(envelope.dataStart..<line.count)
        guard (try? cursor.skipValue(in: line)) != nil else { return nil }
        data = envelope.dataStart..<cursor.position
        let closing = line.count - (line[line.count - 1] == UInt8(ascii: "\n") ? 2 : 1)
        guard closing >= cursor.position, line[closing] == UInt8(ascii: "}") else { return nil }
        rest = min(cursor.position + 1, closing)..<closing
        metadata = Self.metadata(line, rest)
    }

    private static func metadata(_ line: Span<UInt8>, _ rest: Range<Int>) -> Range<Int>? {
        guard rest.count > metadataKey.count else { return nil }
        for index in metadataKey.indices where line[rest.lowerBound + index] != metadataKey[index] {
            return nil
        }
        var cursor = JSONCursor((rest.lowerBound + metadataKey.count)..<rest.upperBound)
        guard (try? cursor.skipValue(in: line)) != nil else { return nil }
        return (rest.lowerBound + metadataKey.count)..<cursor.position
    }
}
