/// Whole numbers as bytes whose order, byte by byte, is the order of the numbers: big-endian, the sign bit
/// flipped. 16 bytes are written by `TimeSeries`.
extension [UInt8] {
    mutating func append(ordered value: Int64) {
        append(bigEndian: UInt64(bitPattern: value) ^ Int64.signBit)
    }

    private mutating func append(bigEndian value: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func append(bigEndian value: UInt32) {
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}

extension Int64 {
    fileprivate static let signBit: UInt64 = 1 << 63
}

extension Span<UInt8> {
    @inline(__always)
    func orderedInt64(at offset: Int) -> Int64 {
        Int64(bitPattern: bigEndian(at: offset) ^ Int64.signBit)
    }

    @inline(__always)
    func orderedInt128(at offset: Int) -> Int128 {
        Int128(truncatingIfNeeded: orderedInt64(at: offset)) << 64
            | Int128(truncatingIfNeeded: bigEndian(at: offset + 8))
    }

    @inline(__always)
    func bigEndian32(at offset: Int) -> UInt32 {
        // Any bytes are a valid integer, and the span checks its bounds.
        unsafe UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    private func bigEndian(at offset: Int) -> UInt64 {
        unsafe UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
