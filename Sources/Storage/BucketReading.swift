internal import GRDB
internal import Rollup
internal import TimeSeries

/// Collects the buckets of one interval, series by series: those of the rollup table and what recent
/// minutes add to them.
struct BucketReading {
    private(set) var packed = PackedBuckets()
    /// It ends where so many are read, some more may be.
    var countMax = Int.max
    /// Older buckets, which only recent minutes can still have, are left out.
    var floor: Timestamp?
    private let interval: Interval
    private let withSketches: Bool
    private let table: RollupTable
    private let recent: RecentTable
    private let limit: ReadLimit

    init(_ db: Database, _ limit: ReadLimit, _ interval: Interval, withSketches: Bool) {
        self.interval = interval
        self.withSketches = withSketches
        self.limit = limit
        table = RollupTable(db, interval)
        recent = RecentTable(db: db)
    }

    /// Makes room for the buckets of so many series, as far as a page is expected to be full.
    mutating func reserve(series: Int, _ range: TimeRange) {
        let length = Double(range.to.milliseconds) - Double(range.from.milliseconds)
        let expected = Double(series) * (length / Double(interval.milliseconds) + 1)
        packed.reserve(Int(min(expected, Double(min(countMax, 65_536)))))
    }

    var count: Int { packed.entries.count }
    var isFull: Bool { count >= countMax }

    /// - Parameters:
    ///   - range: of the buckets' starts.
    ///   - last: the start of a bucket, to go on behind it.
    mutating func read(
        _ series: SeriesID, _ range: TimeRange, after last: Timestamp? = nil
    ) throws {
        try limit.check()
        let next = last?.advanced(byMilliseconds: interval.milliseconds)
        let from = [range.from, next, floor].compactMap(\.self).max() ?? range.from
        guard let starts = TimeRange(from: from, to: range.to)?.starts(interval) else { return }
        let first = count
        try table.forEachChunk(series, starts) { chunk in
            try limit.check()
            try chunk.append(series, starts, withSketches: withSketches, to: &packed)
            return !isFull
        }
        var minutes = try recent.buckets(series, interval, starts)
        if !withSketches {
            for place in minutes.indices { minutes[place].bucket.sketch = nil }
        }
        try packed.merge(minutes, from: first)
    }

    func page(_ lastID: EventID) -> BucketPage {
        guard isFull else { return BucketPage(lastID: lastID, next: nil, packed: packed) }
        var packed = packed
        packed.keep(first: countMax - 1)
        let next = packed.entries.last.map { BucketPlace(series: $0.series, start: $0.start) }
        return BucketPage(lastID: lastID, next: next, packed: packed)
    }
}
