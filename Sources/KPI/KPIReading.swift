public import Rollup
public import TimeSeries

/// What a window of one group says.
public enum KPIReading: Equatable, Sendable {
    /// In millionths.
    case value(Quantity)
    /// The guard does not hold: whatever the value, it is on target.
    case idle(Quantity?)
    case noData
}

/// The samples of one metric within a window, of all series of a group.
public struct KPIWindow: Sendable {
    public let bucket: Bucket
    public let kind: MetricKind
    public let scale: QuantityScale

    /// - Parameter minutes: the buckets of the group's minutes in the order of time.
    /// - Returns: nil where there are no samples.
    public init?(_ minutes: [Bucket], kind: MetricKind, scale: QuantityScale) {
        guard var merged = minutes.first else { return nil }
        for minute in minutes.dropFirst() { merged.merge(minute) }
        bucket = merged
        self.kind = kind
        self.scale = scale
    }

    /// In millionths; nil where the metric has no quantiles.
    public func value(
        _ aggregation: KPIDefinition.Aggregation, windowMilliseconds: Int64
    ) -> Quantity? {
        switch aggregation {
        case .avg: inMillionths(bucket.average.parts)
        case .sum: inMillionths(bucket.sum)
        case .min: inMillionths(bucket.min.parts)
        case .max: inMillionths(bucket.max.parts)
        case .last: inMillionths(bucket.last.parts)
        case .rate:
            Quantity(
                parts: Self.rounded(amount.parts &* 1_000, by: Int128(max(windowMilliseconds, 1))))
        case .quantile(let quantile):
            bucket.quantile(quantile, scale: scale).map { inMillionths($0.parts) }
        }
    }

    /// Of a counter the sum, of others how many samples there were; in millionths.
    public var amount: Quantity {
        kind == .counter
            ? inMillionths(bucket.sum)
            : Quantity(parts: Int128(bucket.count) * Int128(QuantityScale.millionths.partsPerUnit))
    }

    /// - Returns: nil where the other has nothing.
    public static func ratio(of part: KPIWindow?, to whole: KPIWindow?) -> Quantity? {
        guard let whole = whole?.amount, whole.parts > 0 else { return nil }
        let part = part?.amount ?? .zero
        let unit = Int128(QuantityScale.millionths.partsPerUnit)
        let (product, overflow) = part.parts.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        return Quantity(parts: rounded(product, by: whole.parts))
    }

    private func inMillionths(_ parts: Int128) -> Quantity {
        let factor = scale.partsPerUnit / QuantityScale.millionths.partsPerUnit
        return Quantity(parts: Self.rounded(parts, by: Int128(factor)))
    }

    /// Half to even.
    private static func rounded(_ parts: Int128, by divisor: Int128) -> Int128 {
        guard divisor != 1 else { return parts }
        let (quotient, rest) = parts.quotientAndRemainder(dividingBy: divisor)
        let twice = rest.magnitude * 2
        guard twice > divisor.magnitude || twice == divisor.magnitude && quotient % 2 != 0 else {
            return quotient
        }
        return parts < 0 ? quotient - 1 : quotient + 1
    }
}
