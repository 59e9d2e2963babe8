internal import StrictJSON

/// A 128-bit hash whose algorithm never changes, since its values are stored and must be found again.
public struct StableHash: Hashable, Sendable {
    public let high, low: UInt64

    public init(high: UInt64, low: UInt64) {
        (self.high, self.low) = (high, low)
    }

    /// Of one text.
    public init(_ bytes: Span<UInt8>) {
        var hasher = StableHasher()
        hasher.add(bytes, 0..<bytes.count)
        self = hasher.hash
    }
}

/// Makes a `StableHash` of texts in a row. A text goes in with its length, so `ab`, `c` is not `a`, `bc`.
///
/// Two lanes of multiply-and-fold (a 64 × 64 → 128-bit product, its halves xored), as in the wyhash
/// family:
///
///     word   length, then each 8 bytes, then the 0…7 bytes that are left, the first byte in the lowest place
///     high ← fold(high ^ word, A)
///     low  ← fold(low + word, B) ^ high
///
/// The key is public, so it keeps accidents apart, not attackers: whoever aims at a collision can spoil
/// a number of their own.
public struct StableHasher: Sendable {
    private var high = StableHasher.key.0
    private var low = StableHasher.key.1

    public init() {}

    @inline(__always)
    public mutating func add(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        mix(UInt64(range.count))
        var position = range.lowerBound
        while position &+ 8 <= range.upperBound {
            mix(bytes.littleEndianWord(at: position))
            position &+= 8
        }
        mix(Self.rest(bytes, position, of: range))
    }

    /// The 0…7 bytes that are left.
    @inline(__always)
    private static func rest(
        _ bytes: Span<UInt8>, _ position: Int, of range: Range<Int>
    ) -> UInt64 {
        let count = range.upperBound &- position
        if count > 0, range.count >= 8 {
            let word = bytes.littleEndianWord(at: range.upperBound &- 8)
            return word &>> UInt64(truncatingIfNeeded: 8 &* (8 &- count))
        }
        var word: UInt64 = 0
        for index in 0..<count { word |= UInt64(bytes[position &+ index]) &<< UInt64(8 &* index) }
        return word
    }

    /// Adds a number where a text would be too much.
    @inline(__always)
    public mutating func add(_ number: UInt64) {
        mix(number)
    }

    public var hash: StableHash {
        StableHash(
            high: Self.fold(high ^ low, Self.odd.0), low: Self.fold(low ^ Self.key.0, Self.odd.1))
    }

    /// The first binary digits of π's fraction: nobody chose them.
    private static let key: (UInt64, UInt64) = (0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344)
    /// Arbitrary odd numbers with about as many ones as zeros.
    private static let odd: (UInt64, UInt64) = (0x9E37_79B9_7F4A_7C15, 0xD1B5_4A32_D192_ED03)

    @inline(__always)
    private mutating func mix(_ word: UInt64) {
        high = Self.fold(high ^ word, Self.odd.0 ^ Self.key.1)
        low = Self.fold(low &+ word, Self.odd.1 ^ Self.key.0) ^ high
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
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
