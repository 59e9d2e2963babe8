/// How fine the quantities of a metric are: how many digits stand after the point.
public struct QuantityScale: Hashable, Sendable {
    public let digits: Int
    /// 10 to the power of `digits`.
    public let partsPerUnit: Int128

    public static let allowedDigits = 6...9

    /// What metrics have that say nothing else.
    public static let millionths = QuantityScale(uncheckedDigits: 6)
    public static let billionths = QuantityScale(uncheckedDigits: 9)

    /// - Returns: nil where the digits are not allowed.
    public init?(digits: Int) {
        guard Self.allowedDigits.contains(digits) else { return nil }
        self.init(uncheckedDigits: digits)
    }

    private init(uncheckedDigits digits: Int) {
        self.digits = digits
        partsPerUnit = (0..<digits).reduce(1) { power, _ in power * 10 }
    }

    /// One unit.
    public var one: Quantity { Quantity(parts: partsPerUnit) }
}
