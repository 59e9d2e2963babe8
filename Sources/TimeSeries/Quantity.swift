/// A number in its metric's unit, as a whole count of its smallest part: by default a millionth.
///
/// Whole numbers make sums exact and independent of their order. A quantity does not know its scale;
/// its metric does (`QuantityScale`).
public struct Quantity: Hashable, Comparable, Sendable {
    public let parts: Int128

    @inlinable
    public init(parts: Int128) {
        self.parts = parts
    }

    @inlinable
    public static var zero: Quantity { Quantity(parts: 0) }

    /// The largest magnitude of one sample, in parts: 10²⁰ units of millionths, 10¹⁷ of billionths. A
    /// 128-bit sum holds more than 10¹² of them.
    public static let magnitudeMax: Int128 = 100_000_000_000_000_000_000_000_000

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.parts < right.parts }
}

/// Why a number is no quantity.
public enum QuantityFault: String, Error, Sendable {
    /// Its magnitude is above `Quantity.magnitudeMax` parts.
    case outOfRange = "out of range"
    /// It is not a number as JSON has it, or not finite.
    case notANumber = "not a number"
}

// MARK: Whole units

extension Quantity {
    /// A whole number of units.
    public init(units: Int64, scale: QuantityScale = .millionths) throws(QuantityFault) {
        self.init(parts: Int128(units) * Int128(scale.partsPerUnit))
        guard isInRange else { throw .outOfRange }
    }

    @inlinable
    public var isInRange: Bool { parts.magnitude <= Self.magnitudeMax.magnitude }
}
