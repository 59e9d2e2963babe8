internal import EventFormats
internal import StrictJSON
internal import TimeSeries

/// When an event happened, by its own word or by the clock.
struct EventTime {
    let moment: Timestamp
    /// Where the sender spelled it just as the line does; nil where it must be written.
    let spelling: Range<Int>?

    init(
        _ event: DecodedEvent, _ bytes: Span<UInt8>, _ now: Timestamp, _ limits: EventIntake.Limits
    ) throws(EventFault) {
        guard let token = event.timestamp, let time = try Self.own(token, event, bytes) else {
            (moment, spelling) = (now, nil)
            return
        }
        guard time.milliseconds - now.milliseconds <= limits.timestampAheadMillisecondsMax else {
            throw EventFault(
                .timestampInFuture, field: EventKey.timestamp.name,
                "more than \(limits.timestampAheadMillisecondsMax) ms ahead of the server's clock")
        }
        let text = (token.lowerBound + 1)..<max(token.upperBound - 1, token.lowerBound + 1)
        moment = time
        spelling = Timestamp.isCanonical(rfc3339: bytes.extracting(text)) ? text : nil
    }

    func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        if let spelling {
            output.append(contentsOf: bytes, spelling)
        } else {
            moment.appendRFC3339(to: &output)
        }
    }

    /// What the sender says; nil where that is as good as nothing.
    private static func own(
        _ token: Range<Int>, _ event: DecodedEvent, _ bytes: Span<UInt8>
    ) throws(EventFault) -> Timestamp? {
        if let time = parse(token, bytes) { return time }
        // An agent's own hook input may carry a time that only the agent understands.
        if event.dialect == .raw || bytes[token.lowerBound] == UInt8(ascii: "n") { return nil }
        throw EventFault(
            .invalidTimestamp, field: EventKey.timestamp.name,
            "must be RFC 3339 or milliseconds since 1970")
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
