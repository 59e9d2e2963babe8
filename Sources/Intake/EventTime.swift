internal import EventFormats
internal import TimeSeries

/// When an event happened, by its own word or by the clock.
enum EventTime {
    static func read(
        _ event: DecodedEvent, _ bytes: Span<UInt8>, _ now: Timestamp, _ limits: EventIntake.Limits
    ) throws(EventFault) -> Timestamp {
        guard let token = event.timestamp else { return now }
        guard let time = parse(token, bytes) else {
            // An agent's own hook input may carry a time that only the agent understands.
            if event.dialect == .raw || isNull(token, bytes) { return now }
            throw EventFault(
                .invalidTimestamp, field: EventKey.timestamp.name,
                "must be RFC 3339 or milliseconds since 1970")
        }
        let ahead = time.milliseconds - now.milliseconds
        guard ahead <= limits.timestampAheadMillisecondsMax else {
            throw EventFault(
                .timestampInFuture, field: EventKey.timestamp.name,
                "more than \(limits.timestampAheadMillisecondsMax) ms ahead of the server's clock")
        }
        return time
    }

    private static func isNull(_ token: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        bytes[token.lowerBound] == UInt8(ascii: "n")
    }

    private static func parse(_ token: Range<Int>, _ bytes: Span<UInt8>) -> Timestamp? {
        if bytes[token.lowerBound] == UInt8(ascii: "\"") {
            return Timestamp(rfc3339: bytes.extracting(token.dropFirst().dropLast()))
        }
        return milliseconds(token, bytes)
    }

    /// A JSON number without an exponent; a fraction is cut off.
    private static func milliseconds(_ token: Range<Int>, _ bytes: Span<UInt8>) -> Timestamp? {
        let isNegative = bytes[token.lowerBound] == UInt8(ascii: "-")
        var value: Int64 = 0
        var position = token.lowerBound + (isNegative ? 1 : 0)
        guard token.count <= 40 else { return nil }
        while position < token.upperBound, bytes[position] &- UInt8(ascii: "0") < 10 {
            guard value < 1 << 52 else { return nil }
            value = value * 10 + Int64(bytes[position] & 15)
            position += 1
        }
        guard position > token.lowerBound, isFraction(position..<token.upperBound, bytes) else {
            return nil
        }
        let time = Timestamp(milliseconds: isNegative ? -value : value)
        return Timestamp.representable.contains(time) ? time : nil
    }

    private static func isFraction(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        guard let first = range.first else { return true }
        guard bytes[first] == UInt8(ascii: ".") else { return false }
        for index in range.dropFirst() where bytes[index] &- UInt8(ascii: "0") >= 10 {
            return false
        }
        return true
    }
}
