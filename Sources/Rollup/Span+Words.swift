extension Span<UInt8> {
    /// Eight bytes, or at the end as many as there are. Any eight bytes are a valid integer, and the
    /// span checks its bounds, so this is safe.
    @inline(__always)
    private func word(at offset: Int) -> UInt64 {
        if offset &+ 8 <= count {
            return unsafe UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        var word: UInt64 = 0
        for index in offset..<count { word |= UInt64(self[index]) << UInt64((index - offset) * 8) }
        return word
    }

    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for offset in stride(from: 0, to: count, by: 8)
        where word(at: offset) != other.word(at: offset) { return false }
        return true
    }

    /// Multiply and fold (a 64 × 64 → 128-bit product, its halves xored), as in the wyhash family. Who
    /// knows the seed can aim at collisions.
    func hash(seed: UInt64) -> UInt64 {
        var state = seed ^ UInt64(count)
        for offset in stride(from: 0, to: count, by: 8) {
            state = Self.fold(state ^ word(at: offset), 0x9E37_79B9_7F4A_7C15 ^ seed)
        }
        return Self.fold(state, 0xD1B5_4A32_D192_ED03)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
