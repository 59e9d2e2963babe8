/// Numbers of 7 bits a byte, the lowest first; the upper bit says that another byte follows (LEB128).
extension [UInt8] {
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}

/// Reads numbers one after the other; each has one spelling.
struct VarintReader {
    private(set) var position: Int

    @inline(__always)
    mutating func next(_ bytes: Span<UInt8>) throws(SketchFault) -> UInt64 {
        guard position < bytes.count else { throw .truncated }
        // Nearly all numbers are of one byte.
        let byte = bytes[position]
        guard byte < 0x80 else { return try long(bytes) }
        position += 1
        return UInt64(byte)
    }

    @inline(__always)
    mutating func skip(_ count: Int) { position += count }

    @inline(never)
    private mutating func long(_ bytes: Span<UInt8>) throws(SketchFault) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < bytes.count else { throw .truncated }
            let byte = bytes[position]
            position += 1
            // The tenth byte holds the one bit that is left.
            guard shift < 63 || byte <= 1 else { throw .invalidNumber }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                guard byte != 0 || shift == 0 else { throw .invalidNumber }
                return value
            }
        }
        throw .invalidNumber
    }
}

/// Signed numbers as unsigned ones, small magnitudes first: 0, −1, 1, −2, …
enum Zigzag {
    static func encode(_ value: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: value << 1 ^ value >> 31))
    }

    /// - Returns: nil for what is no number of 32 bits.
    static func decode(_ value: UInt64) -> Int32? {
        guard let bits = UInt32(exactly: value) else { return nil }
        return Int32(bitPattern: bits >> 1) ^ -Int32(bitPattern: bits & 1)
    }
}
