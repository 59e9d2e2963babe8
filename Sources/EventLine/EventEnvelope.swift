internal import StrictJSON
public import TimeSeries

/// The envelope of a stored line: where its values stand, without a look at its data.
///
/// Lines are read as they were written (see `EventLineParts`): keys in their fixed order and
/// nothing of the envelope after `enrichment_version`.
public struct EventEnvelope: Sendable {
    public let id: EventID
    /// Tokens with their quotes, as offsets into the line.
    public let eventID, type, sourceApp, sessionID: Range<Int>
    public let agentID: Range<Int>?
    public let timestamp: Timestamp
    public let serverTimestamp: Range<Int>
    public let processingTime: Range<Int>
    /// Where the value of `data` begins.
    public let dataStart: Int

    /// - Returns: nil where the line is no event: a header, a line of samples, or damage.
    public init?(_ line: Span<UInt8>) {
        var reader = EnvelopeReader(line.count)
        guard let id = reader.id(line),
            let eventID = reader.value("event_id", line), let type = reader.value("type", line),
            let sourceApp = reader.value("source_app", line),
            let sessionID = reader.value("session_id", line)
        else { return nil }
        let agentID = reader.value("agent_id", line)
        guard let time = reader.value("timestamp", line),
            let timestamp = Timestamp(rfc3339: line.extracting(time.dropFirst().dropLast())),
            let serverTimestamp = reader.value("server_timestamp", line),
            let processingTime = reader.value("processing_time_ms", line),
            reader.value("enrichment_version", line) != nil, reader.key("data", line)
        else { return nil }
        self.id = id
        (self.eventID, self.type) = (eventID, type)
        (self.sourceApp, self.sessionID, self.agentID) = (sourceApp, sessionID, agentID)
        (self.timestamp, self.serverTimestamp) = (timestamp, serverTimestamp)
        self.processingTime = processingTime
        dataStart = reader.cursor.position
    }

    /// Whether all of a line from a file is sound, and not its envelope alone.
    public static func isWhole(_ line: Span<UInt8>) -> Bool {
        var cursor = JSONCursor(0..<line.count)
        guard (try? cursor.skipValue(in: line)) != nil else { return false }
        return (try? cursor.finish(in: line)) != nil
    }

    /// The id at the head of a line, whatever kind of line it is; nil for a header.
    public static func id(of line: Span<UInt8>) -> EventID? {
        var reader = EnvelopeReader(line.count)
        return reader.id(line)
    }
}

/// Reads keys that must come in a known order.
struct EnvelopeReader {
    var cursor: JSONCursor
    private static let idPrefix = Array("{\"id\":".utf8)

    init(_ count: Int) {
        cursor = JSONCursor(0..<count)
    }

    mutating func id(_ line: Span<UInt8>) -> EventID? {
        guard line.count > Self.idPrefix.count else { return nil }
        for index in Self.idPrefix.indices where line[index] != Self.idPrefix[index] { return nil }
        var position = Self.idPrefix.count
        var value: UInt64 = 0
        while position < line.count, line[position] &- UInt8(ascii: "0") < 10 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(line[position] & 15))
            guard !overflow, !carry else { return nil }
            value = sum
            position += 1
        }
        // Digits that end otherwise may be the first of more, with the rest lost.
        guard position > Self.idPrefix.count, position < line.count,
            line[position] == UInt8(ascii: ",")
        else { return nil }
        cursor.position = position
        return EventID(value)
    }

    /// Moves over `,"name":`, or stays where another key stands.
    mutating func key(_ name: StaticString, _ line: Span<UInt8>) -> Bool {
        let length = name.utf8CodeUnitCount
        let start = cursor.position
        guard start + length + 4 <= line.count, line[start] == UInt8(ascii: ","),
            line[start + 1] == UInt8(ascii: "\""), line[start + length + 2] == UInt8(ascii: "\""),
            line[start + length + 3] == UInt8(ascii: ":")
        else { return false }
        guard Self.stands(name, length, line, at: start + 2) else { return false }
        cursor.position = start + length + 4
        return true
    }

    /// Compares eight bytes at a time: every line has nine keys.
    @inline(__always)
    private static func stands(
        _ name: StaticString, _ length: Int, _ line: Span<UInt8>, at start: Int
    ) -> Bool {
        let text = unsafe UnsafeRawPointer(name.utf8Start)
        var index = 0
        while index &+ 8 <= length {
            let word = unsafe text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard line.littleEndianWord(at: start &+ index) == UInt64(littleEndian: word) else {
                return false
            }
            index &+= 8
        }
        while index < length {
            let letter = unsafe name.utf8Start[index]
            guard line[start &+ index] == letter else { return false }
            index &+= 1
        }
        return true
    }

    mutating func value(_ name: StaticString, _ line: Span<UInt8>) -> Range<Int>? {
        guard key(name, line) else { return nil }
        let start = cursor.position
        guard (try? cursor.skipValue(in: line)) != nil else { return nil }
        return start..<cursor.position
    }
}

extension EventEnvelope {
    /// When the server stored the line; the beginning of time where the line does not say it well.
    public func serverTime(_ line: Span<UInt8>) -> Timestamp {
        let text = line.extracting(serverTimestamp.dropFirst().dropLast())
        return Timestamp(rfc3339: text) ?? Timestamp(milliseconds: 0)
    }
}
