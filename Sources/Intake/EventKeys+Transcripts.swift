internal import EventLine
internal import StrictJSON
public import TimeSeries

/// What the messages of one line of a transcript are known by.
public struct TranscriptMessages: Sendable {
    public let line: EventID
    public let session: KeyedHash.Value
    public let from: Int
    public let previous: EventID?
    /// In their order.
    let messages: [KeyedHash.Value]
    public let time: Timestamp
}

extension EventKeys {
    /// The messages of a stored line, for the window to be restored; nil where it is not whole.
    public func messages(of line: Span<UInt8>) -> TranscriptMessages? {
        guard let stored = TranscriptLine(line) else { return nil }
        var cursor = JSONCursor((stored.messages.lowerBound - 1)..<(stored.messages.upperBound + 1))
        var messages: [KeyedHash.Value] = []
        guard var more = try? cursor.enterArray(in: line) else { return nil }
        while more, (try? cursor.peek(in: line)) != nil {
            let start = cursor.position
            guard (try? cursor.skipValue(in: line)) != nil else { return nil }
            messages.append(hash.hash(line.extracting(start..<cursor.position)))
            more = (try? cursor.anotherElement(in: line)) ?? false
        }
        guard messages.count == stored.count else { return nil }
        return TranscriptMessages(
            line: stored.id, session: session(stored.sourceApp, stored.sessionID, of: line),
            from: stored.from, previous: stored.previous, messages: messages,
            time: stored.serverTime(line))
    }

    /// Whose transcript it is: source app and session, compared as decoded text.
    func session(
        _ sourceApp: Range<Int>, _ sessionID: Range<Int>, of bytes: Span<UInt8>
    ) -> KeyedHash.Value {
        var parts: [UInt8] = []
        parts.append(part: sourceApp, of: bytes)
        parts.append(part: sessionID, of: bytes)
        return key(parts)
    }

    /// What all messages up to this one are known by.
    func chain(
        _ before: KeyedHash.Value, _ message: Range<Int>, of bytes: Span<UInt8>
    ) -> KeyedHash.Value {
        chain(before, hash.hash(bytes.extracting(message)))
    }

    func chain(_ before: KeyedHash.Value, _ message: KeyedHash.Value) -> KeyedHash.Value {
        var words: [UInt8] = []
        words.reserveCapacity(32)
        for word in [before.high, before.low, message.high, message.low] {
            for shift: UInt64 in stride(from: 0, to: 64, by: 8) {
                words.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return hash.hash(words.span)
    }
}

extension KeyedHash.Value {
    /// Of no messages.
    static let none = KeyedHash.Value(high: 0, low: 0)
}
