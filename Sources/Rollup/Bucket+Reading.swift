public import TimeSeries

/// What is told of a bucket beside its fields: whole parts, rounded half to even.
extension Bucket {
    /// The sum by the count.
    public var average: Quantity { Quantity(parts: sum.divided(by: Int128(Swift.max(1, count)))) }

    /// Per second of the interval: of counters the sum, of others how many samples there were.
    ///
    /// A bucket whose time is not over yet is divided by its whole interval too.
    public func rate(
        _ interval: Interval, kind: MetricKind, scale: QuantityScale = .millionths
    ) -> Quantity {
        let parts = kind == .counter ? sum : Int128(count) * Int128(scale.partsPerUnit)
        return Quantity(parts: parts.divided(by: Int128(interval.milliseconds / 1_000)))
    }

    /// - Returns: nil where there is no sketch.
    public func quantile(
        _ quantile: Quantile, scale: QuantityScale = .millionths
    ) -> Quantity? {
        sketch?.quantile(quantile, min: min, max: max, scale: scale)
    }
}

extension Int128 {
    /// Rounded half to even.
    /// - Parameter divisor: positive.
    func divided(by divisor: Int128) -> Int128 {
        let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
        let rest = divisor.magnitude - remainder
        let roundsUp = remainder > rest || remainder == rest && quotient & 1 == 1
        let rounded = Int128(truncatingIfNeeded: roundsUp ? quotient + 1 : quotient)
        return self < 0 ? 0 &- rounded : rounded
    }
}
