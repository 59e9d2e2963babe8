public import TimeSeries

/// A bucket with its place: the primary key of a rollup table, and its row.
public struct SeriesBucket: Equatable, Sendable {
    public let series: SeriesID
    public let start: Timestamp
    public var bucket: Bucket

    public init(series: SeriesID, start: Timestamp, bucket: Bucket) {
        self.series = series
        self.start = start
        self.bucket = bucket
    }

    func isSamePlace(as other: SeriesBucket) -> Bool {
        series == other.series && start == other.start
    }
}

/// A bucket of no single series.
public struct TimedBucket: Equatable, Sendable {
    public let start: Timestamp
    public var bucket: Bucket

    public init(start: Timestamp, bucket: Bucket) {
        self.start = start
        self.bucket = bucket
    }
}
