public import TimeSeries

/// Which buckets are read.
public struct BucketQuery: Sendable {
    /// Each once, in any order.
    public var series: [SeriesID]
    public var interval: Interval
    /// Buckets that start within it.
    public var range: TimeRange
    /// Counts, sums, extremes and lasts take a fraction of the time.
    public var withSketches = true
    public var bucketsMax: Int
    /// To go on behind what was read before: a page's `next`.
    public var after: BucketPlace?

    public init(series: [SeriesID], interval: Interval, range: TimeRange, bucketsMax: Int) {
        self.series = series
        self.interval = interval
        self.range = range
        self.bucketsMax = bucketsMax
    }
}

/// Where a bucket stands: buckets are read in the order of series and start.
public struct BucketPlace: Hashable, Sendable {
    public let series: SeriesID
    public let start: Timestamp

    public init(series: SeriesID, start: Timestamp) {
        self.series = series
        self.start = start
    }
}
