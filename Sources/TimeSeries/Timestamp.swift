/// A moment: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Hashable, Comparable, Sendable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// What RFC 3339 can say: years 0000 to 9999.
    public static let representable =
        Timestamp(milliseconds: -62_167_219_200_000)...Timestamp(milliseconds: 253_402_300_799_999)

    public static func < (left: Self, right: Self) -> Bool {
        left.milliseconds < right.milliseconds
    }

    public func advanced(byMilliseconds milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: self.milliseconds &+ milliseconds)
    }
}

// MARK: RFC 3339

extension Timestamp {
    /// Bytes of `2025-01-31T10:30:00.000Z`.
    public static let rfc3339Length = 24

    /// Appends `2025-01-31T10:30:00.000Z`: UTC, always milliseconds, always 24 bytes.
    public func appendRFC3339(to output: inout [UInt8]) {
        let date = CivilTime(milliseconds: milliseconds)
        output.append(pair: date.year / 100)
        output.append(pair: date.year % 100)
        output.append(UInt8(ascii: "-"))
        output.append(pair: date.month)
        output.append(UInt8(ascii: "-"))
        output.append(pair: date.day)
        output.append(UInt8(ascii: "T"))
        output.append(pair: date.hour)
        output.append(UInt8(ascii: ":"))
        output.append(pair: date.minute)
        output.append(UInt8(ascii: ":"))
        output.append(pair: date.second)
        output.append(UInt8(ascii: "."))
        output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: date.millisecond / 100))
        output.append(pair: date.millisecond % 100)
        output.append(UInt8(ascii: "Z"))
    }

    /// Whether this is the one spelling that `appendRFC3339` writes (given that it is RFC 3339 at all).
    public static func isCanonical(rfc3339 text: Span<UInt8>) -> Bool {
        text.count == rfc3339Length && text[4] == UInt8(ascii: "-") && text[7] == UInt8(ascii: "-")
            && text[10] == UInt8(ascii: "T") && text[13] == UInt8(ascii: ":")
            && text[16] == UInt8(ascii: ":") && text[19] == UInt8(ascii: ".")
            && text[23] == UInt8(ascii: "Z") && text[17] != UInt8(ascii: "6")
    }

    /// Reads RFC 3339 in all its forms: `T`, `t` or a space between date and time, a fraction of any
    /// length (cut to milliseconds), `Z`, `z` or an offset, and the second 60.
    /// - Returns: nil where the text is anything else, or no date of the calendar.
    public init?(rfc3339 text: Span<UInt8>) {
        if let time = Self.readCanonical(text) {
            self = time
            return
        }
        var reader = TimestampReader(text)
        guard let time = reader.read(text), Self.representable.contains(time) else { return nil }
        self = time
    }

    /// The spelling that nearly all events have, without a look for other forms.
    private static func readCanonical(_ text: Span<UInt8>) -> Timestamp? {
        guard isCanonical(rfc3339: text) else { return nil }
        var isWrong = false
        func two(_ index: Int) -> Int {
            let (tens, ones) = (
                text[index] &- UInt8(ascii: "0"), text[index + 1] &- UInt8(ascii: "0")
            )
            isWrong = isWrong || tens > 9 || ones > 9
            return Int(tens) &* 10 &+ Int(ones)
        }
        let (year, month, day) = (two(0) * 100 + two(2), two(5), two(8))
        let (hour, minute, second) = (two(11), two(14), two(17))
        let millisecond = two(20) * 10 + two(21) % 10
        guard !isWrong, CivilTime.isValid(year: year, month: month, day: day), hour < 24,
            minute < 60,
            second < 60
        else { return nil }
        let days = CivilTime.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
        return Timestamp(milliseconds: Int64(seconds * 1_000 + millisecond))
    }

    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        self.init(rfc3339: bytes.span)
    }
}

extension Timestamp: CustomStringConvertible {
    public var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.rfc3339Length)
        appendRFC3339(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Reads the fixed columns of RFC 3339 section 5.6 one after the other.
private struct TimestampReader {
    private var position = 0
    private let end: Int

    init(_ text: Span<UInt8>) {
        end = text.count
    }

    mutating func read(_ text: Span<UInt8>) -> Timestamp? {
        guard let year = number(4, text), literal("-", text),
            let month = number(2, text), literal("-", text),
            let day = number(2, text), separator(text),
            let hour = number(2, text), literal(":", text),
            let minute = number(2, text), literal(":", text),
            let second = number(2, text),
            let millisecond = fraction(text), let offset = offset(text), position == end,
            CivilTime.isValid(year: year, month: month, day: day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = CivilTime.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + (minute - offset) * 60 + second
        return Timestamp(milliseconds: Int64(seconds * 1_000 + millisecond))
    }

    private mutating func number(_ digits: Int, _ text: Span<UInt8>) -> Int? {
        guard position + digits <= end else { return nil }
        var value = 0
        for _ in 0..<digits {
            guard let digit = digit(text) else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    private mutating func digit(_ text: Span<UInt8>) -> Int? {
        guard position < end, text[position] &- UInt8(ascii: "0") < 10 else { return nil }
        defer { position += 1 }
        return Int(text[position] - UInt8(ascii: "0"))
    }

    private mutating func literal(_ letter: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
        guard position < end, text[position] == UInt8(ascii: letter) else { return false }
        position += 1
        return true
    }

    private mutating func separator(_ text: Span<UInt8>) -> Bool {
        literal("T", text) || literal("t", text) || literal(" ", text)
    }

    private mutating func fraction(_ text: Span<UInt8>) -> Int? {
        guard literal(".", text) else { return 0 }
        guard var value = digit(text) else { return nil }
        var digits = 1
        while let next = digit(text) {
            if digits < 3 {
                value = value * 10 + next
                digits += 1
            }
        }
        return value * (digits == 1 ? 100 : digits == 2 ? 10 : 1)
    }

    /// Minutes east of UTC.
    private mutating func offset(_ text: Span<UInt8>) -> Int? {
        if literal("Z", text) || literal("z", text) { return 0 }
        let sign = literal("+", text) ? 1 : literal("-", text) ? -1 : 0
        guard sign != 0, let hours = number(2, text), literal(":", text),
            let minutes = number(2, text), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
