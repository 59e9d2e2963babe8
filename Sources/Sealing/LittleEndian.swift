extension [UInt8] {
    mutating func append(littleEndian value: some FixedWidthInteger) {
        var rest = value
        for _ in 0..<(value.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}

extension Span<UInt8> {
    /// The whole number at a place; it must lie within.
    func littleEndian<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type) -> Number {
        var value: Number = 0
        for place in (offset..<(offset + Number.bitWidth / 8)).reversed() {
            value = value << 8 | Number(truncatingIfNeeded: self[place])
        }
        return value
    }
}
