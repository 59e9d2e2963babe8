public import TimeSeries

/// What is told of a bucket beside its fields: whole parts, rounded half to even.
extension Bucket {
    /// The sum by the count.
    public var average: Quantity { numbers.average }

    /// Per second of the interval: of counters the sum, of others how many samples there were.
    public func rate(
        _ interval: Interval, kind: MetricKind, scale: QuantityScale = .millionths
    ) -> Quantity {
        numbers.rate(interval, kind: kind, scale: scale)
    }

    /// - Returns: nil where there is no sketch.
    public func quantile(
        _ quantile: Quantile, scale: QuantityScale = .millionths
    ) -> Quantity? {
        sketch?.quantile(quantile, min: min, max: max, scale: scale)
    }
}
