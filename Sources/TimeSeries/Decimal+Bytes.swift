extension [UInt8] {
    /// Appends two digits.
    mutating func append(pair value: Int) {
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10))
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }

    /// Appends a number as JSON has it, without an allocation.
    public mutating func append(decimal value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude)
    }

    /// Appends a number as JSON has it, without an allocation.
    public mutating func append(decimal value: UInt64) {
        let start = count
        var rest = value
        repeat {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        reverse(from: start)
    }

    /// Appends a number as JSON has it, without an allocation.
    public mutating func append(decimal value: Int128) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude)
    }

    /// Appends a count of parts in units, as the shortest exact decimal: `12.5`, `-0.000001`.
    public mutating func append(decimalOf parts: Int128, scale: QuantityScale) {
        if parts < 0 { append(UInt8(ascii: "-")) }
        let (whole, rest) = parts.magnitude.split(by: UInt64(scale.partsPerUnit))
        append(decimal: whole)
        guard rest != 0 else { return }
        append(UInt8(ascii: "."))
        append(rest, digits: scale.digits)
        while last == UInt8(ascii: "0") { removeLast() }
    }

    private mutating func append(decimal value: UInt128) {
        let chunk: UInt64 = 1_000_000_000_000_000_000
        let (upper, low) = value.split(by: chunk)
        guard upper != 0 else { return append(decimal: low) }
        append(decimal: upper)
        append(low, digits: 18)
    }

    /// In place: `self[start...].reverse()` takes a block of memory for a copy.
    private mutating func reverse(from start: Int) {
        var (low, high) = (start, count - 1)
        while low < high {
            swapAt(low, high)
            low += 1
            high -= 1
        }
    }

    /// Appends so many digits, the first of them zeros where the number has fewer.
    private mutating func append(_ value: UInt64, digits: Int) {
        let start = count
        var rest = value
        for _ in 0..<digits {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        }
        reverse(from: start)
    }
}

extension UInt128 {
    fileprivate func split(by divisor: UInt64) -> (quotient: UInt128, remainder: UInt64) {
        // Nearly all numbers: a division of 64 bits is some ten times as fast as one of 128.
        if let small = UInt64(exactly: self) {
            return (UInt128(small / divisor), small % divisor)
        }
        let (quotient, remainder) = quotientAndRemainder(dividingBy: UInt128(divisor))
        return (quotient, UInt64(remainder))
    }
}
