/// 128-bit integers as 16 bytes whose order, byte by byte, is the order of the numbers: big-endian, the
/// sign bit flipped.
///
///     −2¹²⁷  00 00 … 00      −1  7f ff … ff      0  80 00 … 00      2¹²⁷ − 1  ff ff … ff
extension [UInt8] {
    /// Appends 16 bytes.
    public mutating func append(ordered value: Int128) {
        let bits = UInt128(bitPattern: value) ^ Int128.signBit
        for shift in stride(from: 120, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: bits >> UInt128(shift)))
        }
    }
}

extension Int128 {
    fileprivate static let signBit: UInt128 = 1 << 127

    /// - Returns: nil where there are not 16 bytes.
    public init?(ordered bytes: Span<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var bits: UInt128 = 0
        for index in 0..<16 { bits = bits << 8 | UInt128(bytes[index]) }
        self.init(bitPattern: bits ^ Self.signBit)
    }
}
