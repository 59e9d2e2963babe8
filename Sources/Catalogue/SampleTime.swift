internal import StrictJSON
internal import TimeSeries

/// When a sample was taken, by its own word or by the clock.
struct SampleTime {
    let now: Timestamp
    let aheadMillisecondsMax: Int64

    /// Reads RFC 3339 or milliseconds since 1970; nothing, or null, is now.
    func read(_ token: Range<Int>, _ bytes: Span<UInt8>) throws(SampleFault) -> Timestamp {
        guard let first = token.first, bytes[first] != UInt8(ascii: "n") else { return now }
        let time =
            bytes[first] == UInt8(ascii: "\"")
            ? Timestamp(
                rfc3339: bytes.extracting(token.lowerBound + 1..<token.upperBound - 1))
            : Self.milliseconds(token, bytes)
        guard let time else {
            throw SampleFault(
                .invalidTimestamp, field: "timestamp",
                "must be RFC 3339 or milliseconds since 1970")
        }
        try check(time)
        return time
    }

    func check(_ time: Timestamp) throws(SampleFault) {
        guard time.milliseconds - now.milliseconds <= aheadMillisecondsMax else {
            throw SampleFault(
                .timestampInFuture, field: "timestamp",
                "more than \(aheadMillisecondsMax) ms ahead of the server's clock")
        }
    }

    /// A number without an exponent; a fraction is cut off.
    private static func milliseconds(_ token: Range<Int>, _ bytes: Span<UInt8>) -> Timestamp? {
        let isNegative = bytes[token.lowerBound] == UInt8(ascii: "-")
        var value: Int64 = 0
        var position = token.lowerBound + (isNegative ? 1 : 0)
        let start = position
        while position < token.upperBound, bytes[position] &- UInt8(ascii: "0") < 10 {
            guard value < 1 << 52 else { return nil }
            value = value * 10 + Int64(bytes[position] & 15)
            position += 1
        }
        guard position > start, isFraction(position..<token.upperBound, bytes) else { return nil }
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
