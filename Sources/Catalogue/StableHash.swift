internal import StrictJSON

/// A 128-bit hash whose algorithm never changes, since its values are stored and must be found again.
///
/// Two lanes of multiply-and-fold (a 64 × 64 → 128-bit product, its halves xored), as in the wyhash
/// family. The key is public, so it keeps accidents apart, not attackers: whoever aims at a collision
/// can spoil a number of their own.
public struct StableHash: Hashable, Sendable {
    public let high, low: UInt64

    public init(high: UInt64, low: UInt64) {
        (self.high, self.low) = (high, low)
    }

    public init(_ bytes: Span<UInt8>) {
        var high = Self.key.0 ^ UInt64(bytes.count)
        var low = Self.key.1
        var position = 0
        while position &+ 8 <= bytes.count {
            Self.mix(bytes.littleEndianWord(at: position), &high, &low)
            position &+= 8
        }
        Self.mix(Self.lastWord(bytes, position), &high, &low)
        self.high = Self.fold(high ^ low, Self.odd.0)
        self.low = Self.fold(low ^ Self.key.0, Self.odd.1)
    }

    /// The first binary digits of π's fraction: nobody chose them.
    private static let key: (UInt64, UInt64) = (0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344)
    /// Arbitrary odd numbers with about as many ones as zeros.
    private static let odd: (UInt64, UInt64) = (0x9E37_79B9_7F4A_7C15, 0xD1B5_4A32_D192_ED03)

    @inline(__always)
    private static func mix(_ word: UInt64, _ high: inout UInt64, _ low: inout UInt64) {
        high = fold(high ^ word, odd.0 ^ key.1)
        low = fold(low &+ word, odd.1 ^ key.0) ^ high
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// Up to seven bytes, the first in the lowest place.
    private static func lastWord(_ bytes: Span<UInt8>, _ start: Int) -> UInt64 {
        var word: UInt64 = 0
        var shift: UInt64 = 0
        for index in start..<bytes.count {
            word |= UInt64(bytes[index]) &<< shift
            shift &+= 8
        }
        return word
    }
}

extension StableHash {
    /// Appends the 16 bytes, the highest first.
    public func append(to output: inout [UInt8]) {
        for word in [high, low] {
            for shift in stride(from: 56, through: 0, by: -8) {
                output.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
    }
}
