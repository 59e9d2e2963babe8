internal import StrictJSON
internal import TimeSeries

/// The one transcoding of a line: the shape that the reference hooks and their dashboard know.
///
///     {"id":7,"source_app":…,"session_id":…,"hook_event_type":…,"payload":…,
///      …agent_id, metadata and the sender's other keys…,"event_id":…,"timestamp":1738319400000}
public enum ReferenceShape {
    /// Appends the object without a line end; false where the line is no event.
    /// - Parameter chat: the transcript that came with the event, as a JSON array.
    public static func append(
        _ line: Span<UInt8>, chat: [UInt8]? = nil, to output: inout [UInt8]
    ) -> Bool {
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
        var rest = members.rest
        if let chat {
            // Where it came: before the sender's other members.
            if let metadata = members.metadata {
                append("metadata", line, metadata, to: &output)
                rest = min(metadata.upperBound + 1, rest.upperBound)..<rest.upperBound
            }
            append("chat", chat.span, chat.indices, to: &output)
        }
        if !rest.isEmpty {
            output.append(UInt8(ascii: ","))
            output.append(contentsOf: line, rest)
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
