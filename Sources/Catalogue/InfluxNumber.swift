internal import StrictJSON
internal import TimeSeries

/// A field's value of line protocol that is a number, or a boolean as one.
///
///     3.5   1e3   .5   7.   +1   007   12i   12u   t   FALSE
enum InfluxNumber {
    /// What the token is.
    enum Reading {
        /// A number as JSON has it stands here, so that its bytes can be taken as they are.
        case plain(Range<Int>)
        /// A number as JSON has it was appended to the output.
        case respelled(Range<Int>)
        case notFinite
        case outOfRange
        case notANumber
    }

    static func read(
        _ bytes: Span<UInt8>, _ token: Range<Int>, respelling output: inout [UInt8]
    ) -> Reading {
        guard let last = token.last else { return .notANumber }
        switch bytes[last] {
        case UInt8(ascii: "i"), UInt8(ascii: "u"): return whole(bytes, token)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."):
            return float(bytes, token, &output)
        default: return word(bytes, token, &output)
        }
    }

    // MARK: Words

    private static func word(
        _ bytes: Span<UInt8>, _ token: Range<Int>, _ output: inout [UInt8]
    ) -> Reading {
        if isTrue(bytes, token) { return one(UInt8(ascii: "1"), &output) }
        if isFalse(bytes, token) { return one(UInt8(ascii: "0"), &output) }
        return isNotFinite(bytes, token) ? .notFinite : .notANumber
    }

    private static func isTrue(_ bytes: Span<UInt8>, _ token: Range<Int>) -> Bool {
        let start = token.lowerBound
        return token.count == 1 && bytes[start] | 0x20 == UInt8(ascii: "t")
            || token.count == 4
                && (bytes.has("true", at: start) || bytes.has("True", at: start)
                    || bytes.has("TRUE", at: start))
    }

    private static func isFalse(_ bytes: Span<UInt8>, _ token: Range<Int>) -> Bool {
        let start = token.lowerBound
        return token.count == 1 && bytes[start] | 0x20 == UInt8(ascii: "f")
            || token.count == 5
                && (bytes.has("false", at: start) || bytes.has("False", at: start)
                    || bytes.has("FALSE", at: start))
    }

    private static func one(_ digit: UInt8, _ output: inout [UInt8]) -> Reading {
        output.append(digit)
        return .respelled(output.count - 1..<output.count)
    }

    /// `NaN`, `Inf`, `-Infinity` and the like, in letters of any case.
    static func isNotFinite(_ bytes: Span<UInt8>, _ token: Range<Int>) -> Bool {
        var word = token
        if let first = word.first,
            bytes[first] == UInt8(ascii: "-") || bytes[first] == UInt8(ascii: "+")
        {
            word.removeFirst()
        }
        guard word.count <= 8 else { return false }
        let folded = word.map { bytes[$0] | 0x20 }
        return ["nan", "inf", "infinity"].contains { folded.elementsEqual($0.utf8) }
    }

    // MARK: Numbers

    /// 64 bits, with a sign (`i`) or without one (`u`).
    private static func whole(_ bytes: Span<UInt8>, _ token: Range<Int>) -> Reading {
        let digits = token.lowerBound..<token.upperBound - 1
        let isSigned = bytes[digits.upperBound] == UInt8(ascii: "i")
        var position = digits.lowerBound
        let isNegative = !digits.isEmpty && isSigned && bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        guard position < digits.upperBound else { return .notANumber }
        guard position + 1 == digits.upperBound || bytes[position] != UInt8(ascii: "0") else {
            return .notANumber
        }
        var value: UInt64 = 0
        while position < digits.upperBound {
            guard bytes[position] &- UInt8(ascii: "0") < 10 else { return .notANumber }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(bytes[position] & 15))
            guard !overflow, !carry else { return .outOfRange }
            value = sum
            position += 1
        }
        let bound = isNegative ? UInt64(Int64.max) + 1 : UInt64(Int64.max)
        return isSigned && value > bound ? .outOfRange : .plain(digits)
    }

    private static func float(
        _ bytes: Span<UInt8>, _ token: Range<Int>, _ output: inout [UInt8]
    ) -> Reading {
        guard let parts = FloatParts(bytes, token) else { return .notANumber }
        if parts.isPlain { return .plain(token) }
        let start = output.count
        if parts.isNegative { output.append(UInt8(ascii: "-")) }
        if parts.whole.isEmpty {
            output.append(UInt8(ascii: "0"))
        } else {
            output.append(contentsOf: bytes, parts.whole)
        }
        if !parts.fraction.isEmpty {
            output.append(UInt8(ascii: "."))
            output.append(contentsOf: bytes, parts.fraction)
        }
        output.append(contentsOf: bytes, parts.exponent)
        return .respelled(start..<output.count)
    }
}

/// `-12.5e3` taken apart.
private struct FloatParts {
    let isNegative: Bool
    /// Without leading zeros, but for one that stands alone.
    let whole: Range<Int>
    let fraction: Range<Int>
    /// With its letter; empty where there is none.
    let exponent: Range<Int>
    /// Whether the token is a number as JSON has it.
    let isPlain: Bool

    /// - Returns: nil where the token is no number.
    init?(_ bytes: Span<UInt8>, _ token: Range<Int>) {
        var position = token.lowerBound
        let end = token.upperBound
        isNegative = bytes[position] == UInt8(ascii: "-")
        let hasPlus = bytes[position] == UInt8(ascii: "+")
        if isNegative || hasPlus { position += 1 }
        let wholeStart = position
        while position < end, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        let wholeEnd = position
        var first = wholeStart
        while first + 1 < wholeEnd, bytes[first] == UInt8(ascii: "0") { first += 1 }
        whole = first..<wholeEnd
        var fraction = position..<position
        let hasPoint = position < end && bytes[position] == UInt8(ascii: ".")
        if hasPoint {
            position += 1
            let start = position
            while position < end, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
            fraction = start..<position
        }
        self.fraction = fraction
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        let exponentStart = position
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < end,
                bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+")
            {
                position += 1
            }
            let start = position
            while position < end, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
            guard position > start else { return nil }
        }
        guard position == end else { return nil }
        exponent = exponentStart..<end
        isPlain =
            !hasPlus && first == wholeStart && !whole.isEmpty && (!hasPoint || !fraction.isEmpty)
    }
}
