internal import StrictJSON

/// A 128-bit hash for tables within one process: fast, keyed, not cryptographic.
///
/// Two lanes of multiply-and-fold (a 64 × 64 → 128-bit product, its halves xored), as in the wyhash
/// family; with a random key nobody outside can aim at a collision.
public struct KeyedHash: Sendable {
    public struct Value: Hashable, Sendable {
        public let high, low: UInt64
    }

    private let key: (UInt64, UInt64)

    public init(key: (UInt64, UInt64)) {
        self.key = key
    }

    /// A hash that no other process computes.
    public static func random() -> KeyedHash {
        KeyedHash(key: (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)))
    }

    public func hash(_ bytes: Span<UInt8>) -> Value {
        var high = key.0 ^ UInt64(bytes.count)
        var low = key.1
        var position = 0
        while position &+ 8 <= bytes.count {
            mix(Self.word(bytes, position, 8), &high, &low)
            position &+= 8
        }
        mix(Self.word(bytes, position, bytes.count - position), &high, &low)
        return Value(
            high: Self.fold(high ^ low, Self.odd.0), low: Self.fold(low ^ key.0, Self.odd.1))
    }

    /// A shorter hash at half the cost.
    public func digest(_ bytes: Span<UInt8>) -> UInt64 {
        var state = key.0 ^ UInt64(bytes.count)
        var position = 0
        while position &+ 8 <= bytes.count {
            state = Self.fold(state ^ Self.word(bytes, position, 8), Self.odd.0 ^ key.1)
            position &+= 8
        }
        let rest = Self.word(bytes, position, bytes.count - position)
        return Self.fold(state ^ rest, Self.odd.1 ^ key.0)
    }

    /// Arbitrary odd numbers with about as many ones as zeros.
    private static let odd: (UInt64, UInt64) = (0x9E37_79B9_7F4A_7C15, 0xD1B5_4A32_D192_ED03)

    @inline(__always)
    private func mix(_ word: UInt64, _ high: inout UInt64, _ low: inout UInt64) {
        high = Self.fold(high ^ word, Self.odd.0 ^ key.1)
        low = Self.fold(low &+ word, Self.odd.1 ^ key.0) ^ high
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
        if count == 8 { return bytes.littleEndianWord(at: start) }
        var word: UInt64 = 0
        for index in 0..<count { word |= UInt64(bytes[start + index]) << UInt64(index * 8) }
        return word
    }
}
