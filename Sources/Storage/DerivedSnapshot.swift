public import EventIndex
internal import GRDB
public import Rollup
public import TimeSeries

/// The store at one moment between two flushes.
public struct DerivedSnapshot {
    private let db: Database
    private let limit: ReadLimit

    init(_ db: Database, _ limit: ReadLimit) {
        self.db = db
        self.limit = limit
    }

    /// nil before the first flush.
    public var checkpoint: Checkpoint? {
        get throws { try FoldTables(db: db).position()?.checkpoint }
    }

    /// Up to where the log is indexed.
    public var indexEnd: IndexEnd? {
        get throws { try IndexTables(db: db).end() }
    }

    public var floors: [Interval: Timestamp] {
        get throws { try FoldTables(db: db).floors() }
    }

    public var uncovered: [UncoveredRange] {
        get throws { try FoldTables(db: db).uncovered() }
    }

    public var counts: StoreCounts {
        get throws {
            var counts = StoreCounts(
                series: try SeriesTables(db: db).ids().count,
                recentMinutes: try RecentTable(db: db).count)
            for interval in Interval.allCases {
                try limit.check()
                counts.settledBuckets[interval] = try RollupTable(db, interval).bucketCount
            }
            return counts
        }
    }

    public func buckets(_ query: BucketQuery) throws -> BucketPage {
        precondition(query.bucketsMax > 0, "BUG: a page without buckets")
        let lastID = try checkpoint?.lastID ?? .none
        var reading = BucketReading(db, limit, query.interval, withSketches: query.withSketches)
        reading.countMax = min(query.bucketsMax, Int.max - 1) + 1
        reading.floor = try floors[query.interval]
        reading.reserve(series: query.series.count, query.range)
        let after = query.after
        for series in query.series.sorted() where after.map({ series >= $0.series }) ?? true {
            let isPartlyRead = after?.series == series
            try reading.read(series, query.range, after: isPartlyRead ? after?.start : nil)
            if reading.isFull { break }
        }
        return reading.page(lastID)
    }

    /// All buckets of an interval, series by series, in the order of time; series without any are left
    /// out.
    public func forEachSeries(
        _ interval: Interval, _ body: ([SeriesBucket]) throws -> Void
    ) throws {
        let floor = try floors[interval]
        for series in try SeriesTables(db: db).ids() {
            var reading = BucketReading(db, limit, interval, withSketches: true)
            reading.floor = floor
            try reading.read(series, .representable)
            if reading.count > 0 { try body(reading.packed.unpacked()) }
        }
    }
}

/// How much a store holds.
public struct StoreCounts: Equatable, Sendable {
    public var series: Int
    /// Not yet moved into the rollup tables.
    public var recentMinutes: Int
    public var settledBuckets: [Interval: Int64] = [:]
}
