/// How fine the quantities of a metric are: how many digits stand after the point.
public struct QuantityScale: Hashable, Sendable {
    @usableFromInline let storedDigits: UInt8

    @inlinable
    public var digits: Int { Int(storedDigits) }

    public static let allowedDigits = 6...9

    /// What metrics have that say nothing else.
    @inlinable
    public static var millionths: QuantityScale { QuantityScale(storedDigits: 6) }

    @inlinable
    public static var billionths: QuantityScale { QuantityScale(storedDigits: 9) }

    /// - Returns: nil where the digits are not allowed.
    public init?(digits: Int) {
        guard Self.allowedDigits.contains(digits) else { return nil }
        self.init(storedDigits: UInt8(digits))
    }

    @usableFromInline
    init(storedDigits: UInt8) {
        self.storedDigits = storedDigits
    }

    /// 10 to the power of `digits`.
    @inlinable
    public var partsPerUnit: Int64 {
        switch storedDigits {
        case 6: 1_000_000
        case 7: 10_000_000
        case 8: 100_000_000
        default: 1_000_000_000
        }
    }

    /// One unit.
    public var one: Quantity { Quantity(parts: Int128(partsPerUnit)) }
}
