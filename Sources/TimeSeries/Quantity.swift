/// A number in its metric's unit, as a whole count of its smallest part: by default a millionth.
///
/// Whole numbers make sums exact and independent of their order. A quantity does not know its scale; its
/// metric does (`QuantityScale`).
public struct Quantity: Hashable, Comparable, Sendable {
    public let parts: Int128

    public init(parts: Int128) {
        self.parts = parts
    }

    public static let zero = Quantity(parts: 0)

    /// The largest magnitude of one sample, in parts: 10²⁰ units of millionths. A 128-bit sum holds more
    /// than 10¹² of them.
    public static let magnitudeMax: Int128 = 100_000_000_000_000_000_000_000_000

    public static func < (left: Self, right: Self) -> Bool { left.parts < right.parts }
}
