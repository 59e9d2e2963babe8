internal import StrictJSON
public import TimeSeries

/// A line with those messages of a session's transcript that no line before it has.
///
///     {"id":8,"kind":"transcript","server_timestamp":"…","source_app":"a","session_id":"s",
///      "from":12,"previous":5,"count":3,"messages":[…]}⏎
///
/// It stands directly before the event that the transcript came with.
public struct TranscriptLine: Sendable {
    public let id: EventID
    /// Tokens with their quotes, as offsets into the line.
    public let serverTimestamp, sourceApp, sessionID: Range<Int>
    /// How many messages come before these.
    public let from: Int
    /// The line with the messages directly before these; nil where these are the first.
    public let previous: EventID?
    public let count: Int
    /// The messages, with the commas between them.
    public let messages: Range<Int>

    /// - Returns: nil where the line is none of this kind, or damaged.
    public init?(_ line: Span<UInt8>) {
        var reader = EnvelopeReader(line.count)
        guard let id = reader.id(line), let kind = reader.value("kind", line),
            line.spells("\"transcript\"", at: kind),
            let serverTimestamp = reader.value("server_timestamp", line),
            let sourceApp = reader.value("source_app", line),
            let sessionID = reader.value("session_id", line),
            let from = reader.value("from", line).flatMap({ line.number($0) }),
            let previous = reader.value("previous", line).flatMap({ line.number($0) }),
            let count = reader.value("count", line).flatMap({ line.number($0) }),
            let messages = reader.value("messages", line), messages.count >= 2,
            line[messages.lowerBound] == UInt8(ascii: "["),
            let from = Int(exactly: from), let count = Int(exactly: count)
        else { return nil }
        self.id = id
        self.serverTimestamp = serverTimestamp
        (self.sourceApp, self.sessionID) = (sourceApp, sessionID)
        (self.from, self.count) = (from, count)
        self.previous = previous == 0 ? nil : EventID(previous)
        self.messages = (messages.lowerBound + 1)..<(messages.upperBound - 1)
    }

    /// When the server stored the line; the beginning of time where the line does not say it well.
    public func serverTime(_ line: Span<UInt8>) -> Timestamp {
        let text = line.extracting(serverTimestamp.dropFirst().dropLast())
        return Timestamp(rfc3339: text) ?? Timestamp(milliseconds: 0)
    }

    /// The most bytes of a line besides its messages and the two names.
    public static let writerBytesMax = 160 + 4 * 20 + Timestamp.rfc3339Length

    /// Where the parts of a line stand that is to be written.
    public struct Parts: Sendable {
        public let sourceApp, sessionID, messages: Range<Int>

        public init(sourceApp: Range<Int>, sessionID: Range<Int>, messages: Range<Int>) {
            (self.sourceApp, self.sessionID) = (sourceApp, sessionID)
            self.messages = messages
        }
    }

    public static func append(
        id: EventID, serverTime: ServerTime, _ parts: Parts, of bytes: Span<UInt8>,
        from: Int, previous: EventID?, count: Int, to output: inout [UInt8]
    ) {
        output.append(contentsOf: "{\"id\":".utf8)
        output.append(decimal: id.value)
        output.append(contentsOf: ",\"kind\":\"transcript\",\"server_timestamp\":\"".utf8)
        output.append(contentsOf: serverTime.rfc3339)
        output.append(contentsOf: "\",\"source_app\":".utf8)
        output.append(contentsOf: bytes, parts.sourceApp)
        output.append(contentsOf: ",\"session_id\":".utf8)
        output.append(contentsOf: bytes, parts.sessionID)
        output.append(contentsOf: ",\"from\":".utf8)
        output.append(decimal: Int64(from))
        output.append(contentsOf: ",\"previous\":".utf8)
        output.append(decimal: previous?.value ?? 0)
        output.append(contentsOf: ",\"count\":".utf8)
        output.append(decimal: Int64(count))
        output.append(contentsOf: ",\"messages\":[".utf8)
        output.append(contentsOf: bytes, parts.messages)
        output.append(contentsOf: "]}\n".utf8)
    }
}

extension Span<UInt8> {
    func spells(_ wanted: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == wanted.utf8CodeUnitCount else { return false }
        for index in 0..<range.count {
            let letter = unsafe wanted.utf8Start[index]
            guard self[range.lowerBound + index] == letter else { return false }
        }
        return true
    }

    /// A whole number in digits; nil where it is none, or too large.
    func number(_ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty, range.count < 20 else { return nil }
        var value: UInt64 = 0
        for index in range {
            let digit = self[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            value = product &+ UInt64(digit)
        }
        return value
    }
}
