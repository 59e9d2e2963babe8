public import Rollup
public import TimeSeries

/// What is asked of the rollups.
public struct MetricQuery: Sendable {
    public var metrics: [MetricPattern]
    public var interval: Interval
    /// Buckets that start within it; aligned to the interval.
    public let range: TimeRange
    /// All keys must hold; of a key's values any.
    public var tags: [String: Set<String>] = [:]
    /// Series that agree in these tags become one; nil leaves each series for itself.
    public var groupBy: [String]?
    public var fields = BucketField.standard
    /// Nil takes what suits the metric's kind.
    public var across: Across?
    public var fill = Fill.none
    /// Series of the answer.
    public var seriesMax: Int?

    /// - Parameter range: its start may lie within a bucket, which then counts.
    public init(_ metrics: [MetricPattern], _ interval: Interval, _ range: TimeRange) {
        self.metrics = metrics
        self.interval = interval
        let start = interval.bucketStart(of: range.from)
        self.range = TimeRange(from: start, to: range.to) ?? range
    }

    /// Whether a quantile is asked for.
    public var needsSketches: Bool {
        fields.contains { if case .quantile = $0 { true } else { false } }
    }

    /// Buckets of one series at most.
    public var bucketsPerSeries: Int {
        let width = range.to.milliseconds - range.from.milliseconds
        return Int((width + interval.milliseconds - 1) / interval.milliseconds)
    }
}

/// What stands where a series has no bucket.
public enum Fill: String, CaseIterable, Sendable {
    /// Nothing.
    case none
    /// A bucket whose fields are null.
    case null
    /// A bucket whose fields are 0.
    case zero
    /// The bucket before it once more; before the first one, nulls.
    case previous
}

/// What is told of a bucket.
public enum BucketField: Hashable, Sendable {
    case count, sum, avg, min, max, last, rate
    case quantile(Quantile)

    /// Of JSON, where none are asked for, and of CSV always.
    public static let standard: [BucketField] = [
        .count, .sum, .avg, .min, .max, .last, .quantile(.p50), .quantile(.p90), .quantile(.p95),
        .quantile(.p99),
    ]
}
