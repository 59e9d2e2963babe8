internal import TimeSeries

extension ByteCursor {
    /// The longest decimal of 128 bits: 39 digits, a sign and a point.
    static let decimalLengthMax = 41

    /// Writes a count of parts in units as the shortest exact decimal: `12.5`, `-0.000001`.
    @inline(__always)
    mutating func put(
        decimalOf parts: Int128, _ scale: QuantityScale, _ bytes: inout MutableRawSpan
    ) {
        guard let magnitude = UInt64(exactly: parts.magnitude) else {
            return putLong(parts, scale, &bytes)
        }
        if parts < 0 { put(UInt8(ascii: "-"), &bytes) }
        let (whole, rest) = magnitude.split(scale)
        put(whole: whole, &bytes)
        if rest != 0 { put(fraction: rest, digits: scale.digits, &bytes) }
    }

    @inline(never)
    private mutating func putLong(
        _ parts: Int128, _ scale: QuantityScale, _ bytes: inout MutableRawSpan
    ) {
        var text: [UInt8] = []
        text.append(decimalOf: parts, scale: scale)
        put(text, &bytes)
    }

    @inline(__always)
    mutating func put(whole value: UInt64, _ bytes: inout MutableRawSpan) {
        guard value >= Digits.eightMax else { return put(short: value, &bytes) }
        let (upper, lower) = value.quotientAndRemainder(dividingBy: Digits.eightMax)
        if upper < Digits.eightMax {
            put(short: upper, &bytes)
        } else {
            let (first, second) = upper.quotientAndRemainder(dividingBy: Digits.eightMax)
            put(short: first, &bytes)
            put(Digits.eight(second) | Digits.zeros, count: 8, &bytes)
        }
        put(Digits.eight(lower) | Digits.zeros, count: 8, &bytes)
    }

    /// - Parameter value: of at most eight digits.
    @inline(__always)
    private mutating func put(short value: UInt64, _ bytes: inout MutableRawSpan) {
        let digits = Digits.eight(value)
        // Zeros before the first digit; the last digit stands in any case.
        let zeros = min(7, digits.trailingZeroBitCount &>> 3)
        let text = (digits | Digits.zeros) &>> UInt64(zeros &* 8)
        put(text, count: 8 &- zeros, &bytes)
    }

    /// - Parameter rest: not 0, of at most so many digits.
    @inline(__always)
    private mutating func put(
        fraction rest: UInt64, digits: Int, _ bytes: inout MutableRawSpan
    ) {
        put(UInt8(ascii: "."), &bytes)
        let (upper, ninth) = (rest &* Digits.powers[9 &- digits]).quotientAndRemainder(
            dividingBy: 10)
        let text = Digits.eight(upper)
        guard ninth == 0 else {
            put(text | Digits.zeros, count: 8, &bytes)
            return put(UInt8(ascii: "0") | UInt8(truncatingIfNeeded: ninth), &bytes)
        }
        let zeros = text.leadingZeroBitCount &>> 3
        put(text | Digits.zeros, count: 8 &- zeros, &bytes)
    }
}

extension UInt64 {
    @inline(__always)
    fileprivate func split(_ scale: QuantityScale) -> (whole: UInt64, rest: UInt64) {
        // A division by a constant is a multiplication; nearly all metrics have this scale.
        guard scale != .millionths else { return (self / 1_000_000, self % 1_000_000) }
        let parts = UInt64(scale.partsPerUnit)
        return (self / parts, self % parts)
    }
}

/// Digits of numbers, eight at once: a division of each digit takes longer than all the rest.
enum Digits {
    static let eightMax: UInt64 = 100_000_000
    /// `00000000`.
    static let zeros: UInt64 = 0x3030_3030_3030_3030

    /// - Parameter value: below 10⁸.
    /// - Returns: a digit a byte, as a number, the first one in the lowest byte.
    @inline(__always)
    static func eight(_ value: UInt64) -> UInt64 {
        // Two numbers of four digits, then four of two, then eight of one. The factors are 2²⁰ ÷ 100
        // and 2¹⁰ ÷ 10, rounded up, which is exact for numbers as small as these.
        let fours = value / 10_000 | (value % 10_000) &<< 32
        let hundreds = (fours &* 10_486) &>> 20 & 0x0000_007F_0000_007F
        let twos = hundreds | (fours &- 100 &* hundreds) &<< 16
        let tens = (twos &* 103) &>> 10 & 0x000F_000F_000F_000F
        return tens | (twos &- 10 &* tens) &<< 8
    }

    /// Two digits, the first one in the lower byte.
    @inline(__always)
    static func two(_ value: Int) -> UInt16 {
        let (tens, ones) = UInt16(truncatingIfNeeded: value).quotientAndRemainder(dividingBy: 10)
        return (tens | ones &<< 8) | 0x3030
    }

    static let powers: [UInt64] = [1, 10, 100, 1_000]
}
