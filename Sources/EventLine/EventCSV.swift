internal import StrictJSON
internal import TimeSeries

/// Events as CSV (RFC 4180): a header line, CRLF line ends, every text field quoted.
///
/// `data` and `metadata` are their JSON text; the other fields are what their strings say.
public enum EventCSV {
    public static let header = Array(
        ("id,event_id,type,source_app,session_id,agent_id,timestamp,server_timestamp,"
            + "processing_time_ms,data,metadata\r\n").utf8)

    /// Appends a row; false where the line is no event.
    public static func append(_ line: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        guard let envelope = EventEnvelope(line),
            let members = EventMembers(line, after: envelope)
        else { return false }
        output.append(decimal: envelope.id.value)
        for token in [envelope.eventID, envelope.type, envelope.sourceApp, envelope.sessionID] {
            appendText(line, token, to: &output)
        }
        appendText(line, envelope.agentID, to: &output)
        output.append(UInt8(ascii: ","))
        envelope.timestamp.appendRFC3339(to: &output)
        output.append(UInt8(ascii: ","))
        output.append(contentsOf: line, envelope.serverTimestamp.dropFirst().dropLast())
        output.append(UInt8(ascii: ","))
        output.append(contentsOf: line, envelope.processingTime)
        appendJSON(line, members.data, to: &output)
        appendJSON(line, members.metadata, to: &output)
        output.append(contentsOf: "\r\n".utf8)
        return true
    }

    private static func appendText(
        _ line: Span<UInt8>, _ token: Range<Int>?, to output: inout [UInt8]
    ) {
        output.append(UInt8(ascii: ","))
        guard let token else { return }
        var decoded: [UInt8] = []
        JSONString.decode(token, in: line, appendingTo: &decoded)
        appendQuoted(decoded.span, 0..<decoded.count, to: &output)
    }

    private static func appendJSON(
        _ line: Span<UInt8>, _ value: Range<Int>?, to output: inout [UInt8]
    ) {
        output.append(UInt8(ascii: ","))
        guard let value else { return }
        appendQuoted(line, value, to: &output)
    }

    private static func appendQuoted(
        _ bytes: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]
    ) {
        output.append(UInt8(ascii: "\""))
        for index in range {
            if bytes[index] == UInt8(ascii: "\"") { output.append(UInt8(ascii: "\"")) }
            output.append(bytes[index])
        }
        output.append(UInt8(ascii: "\""))
    }
}
