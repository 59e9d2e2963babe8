extension Quantity {
    /// The nearest part to a floating point number, half to even: exact, since a `Double` is a whole
    /// number times a power of two.
    public init(_ value: Double, scale: QuantityScale = .millionths) throws(QuantityFault) {
        guard value.isFinite else { throw .notANumber }
        // Far above any quantity; what lies between is caught at the end.
        guard value.magnitude < 0x1p70 else { throw .outOfRange }
        let magnitude = Self.parts(ofMagnitude: value.magnitude, scale)
        self.init(parts: value < 0 ? -magnitude : magnitude)
        guard isInRange else { throw .outOfRange }
    }

    private static func parts(ofMagnitude value: Double, _ scale: QuantityScale) -> Int128 {
        guard value.isNormal else { return 0 }
        let significand = value.significandBitPattern | 1 << 52
        // At most 53 + 30 bits; shifted to the left at most 17.
        let product = Int128(significand) * Int128(scale.partsPerUnit)
        let shift = Int(value.exponent) - 52
        if shift >= 0 { return product << shift }
        guard shift > -126 else { return 0 }
        let floor = product >> -shift
        let rest = product - floor << -shift
        let half: Int128 = 1 << (-shift - 1)
        return rest > half || rest == half && floor & 1 == 1 ? floor + 1 : floor
    }

    /// In units: for drawing, judging and sketches, never for sums.
    @inlinable
    public func asDouble(scale: QuantityScale = .millionths) -> Double {
        Double(parts: parts, scale: scale)
    }
}

extension Double {
    /// A count of parts in units. The same on every machine; at most two roundings away from exact.
    @inlinable
    public init(parts: Int128, scale: QuantityScale) {
        self = Double(whole: parts) / Double(scale.partsPerUnit)
    }

    @inlinable
    init(whole value: Int128) {
        let low = Int64(truncatingIfNeeded: value)
        // The library's conversion of 128 bits takes ten times as long as that of 64.
        self = Int128(low) == value ? Double(low) : Double(value)
    }
}
