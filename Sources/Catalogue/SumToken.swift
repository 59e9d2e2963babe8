internal import TimeSeries

/// Reads a sum's exact decimal, which may be larger than any one sample.
enum SumToken {
    /// - Returns: parts; nil where the text is no plain decimal, has more digits than the scale, or does
    ///   not fit.
    static func parts(_ text: Span<UInt8>, _ range: Range<Int>, _ scale: QuantityScale) -> Int128? {
        var position = range.lowerBound
        let isNegative = position < range.upperBound && text[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        var value: Int128 = 0
        var digits = 0
        var fraction = -1
        while position < range.upperBound {
            let byte = text[position]
            if byte == UInt8(ascii: "."), fraction < 0, digits > 0 {
                fraction = 0
            } else if byte &- UInt8(ascii: "0") < 10, fraction < scale.digits {
                guard let next = appending(Int128(byte & 15), to: value) else { return nil }
                value = next
                digits += 1
                if fraction >= 0 { fraction += 1 }
            } else {
                return nil
            }
            position += 1
        }
        guard digits > 0, fraction != 0 else { return nil }
        for _ in max(fraction, 0)..<scale.digits {
            guard let next = appending(0, to: value) else { return nil }
            value = next
        }
        return isNegative ? -value : value
    }

    private static func appending(_ digit: Int128, to value: Int128) -> Int128? {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(digit)
        return overflow || carry ? nil : sum
    }
}
