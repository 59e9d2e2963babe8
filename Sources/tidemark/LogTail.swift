internal import Folds
internal import Queries
internal import Rollup
internal import TimeSeries

/// What the log holds beyond the store, counted here: the server does the same, and stores it about once a
/// second.
struct LogTail {
    private let log: FolderLog
    private let query: MetricQuery?
    private let floor: Timestamp?
    /// All lines that it knows are stored.
    private var stored: Fold
    /// Knows all lines of the log.
    private(set) var fold: Fold
    /// Of the query's interval, range and series.
    private var buckets = TailBuckets()

    /// - Parameters:
    ///   - stored: what the store's lines have made.
    ///   - query: whose buckets are kept; nil keeps none.
    ///   - floor: of the query's interval.
    init(_ log: FolderLog, after stored: Fold, _ query: MetricQuery?, floor: Timestamp?) throws {
        (self.log, self.query, self.floor) = (log, query, floor)
        (self.stored, fold) = (stored, stored)
        try count()
    }

    /// The buckets of a group, with what a page of the store does not hold of them.
    mutating func added(
        to page: [SeriesBucket], through id: EventID, of group: SeriesGroup
    ) throws -> [SeriesBucket] {
        try advance(to: id)
        let missing = buckets.of(group.series)
        return missing.isEmpty ? page : BucketBatch(merging: page + missing).entries
    }

    /// The server has stored more meanwhile: only what lies behind that is counted here.
    private mutating func advance(to id: EventID) throws {
        guard id > stored.position.lastID, !buckets.isEmpty else { return }
        guard id < log.lastID else { return buckets = TailBuckets() }
        try log.add(to: &stored, through: id) { fold, _ in _ = fold.takeChanges() }
        fold = stored
        try count()
    }

    private mutating func count() throws {
        var (buckets, progress, bytes) = (TailBuckets(), Progress(), 0)
        try log.add(to: &fold, through: .last) { [query, floor] fold, count in
            bytes += count
            progress.show("counting the log: \(ByteCount(bytes))")
            if fold.buckets.count > TailBuckets.minutesMax {
                try buckets.take(from: &fold, query, floor: floor)
            }
        }
        try buckets.take(from: &fold, query, floor: floor)
        progress.clear()
        self.buckets = buckets
    }
}

/// Buckets of one interval, as far as a query asks for them.
private struct TailBuckets {
    private var bySeries: [SeriesID: [SeriesBucket]] = [:]
    private var count = 0
    /// By series: whether it is asked for.
    private var isAskedFor: [Bool] = []

    /// Minutes that wait before they become buckets of the interval.
    static let minutesMax = 100_000
    /// Some gigabytes where each has a sketch.
    private static let bucketsMax = 1_000_000

    var isEmpty: Bool { bySeries.isEmpty }

    func of(_ series: [SeriesID]) -> [SeriesBucket] { series.flatMap { bySeries[$0] ?? [] } }

    mutating func take(from fold: inout Fold, _ query: MetricQuery?, floor: Timestamp?) throws {
        let changes = fold.takeChanges()
        guard let query else { return }
        while isAskedFor.count < fold.series.count {
            let row = fold.series[SeriesID(UInt32(isAskedFor.count))]
            isAskedFor.append(query.selects(SeriesKey(row)))
        }
        let minutes = changes.buckets.batch()
        let wide = minutes.expanded(to: query.interval, floor: floor).batch.entries.filter {
            isAskedFor[Int($0.series.value)] && query.range.contains($0.start)
        }
        for (series, added) in Dictionary(grouping: wide, by: \.series) {
            let known = bySeries[series] ?? []
            let merged = known.isEmpty ? added : BucketBatch(merging: known + added).entries
            bySeries[series] = merged
            count += merged.count - known.count
        }
        guard count <= Self.bucketsMax else {
            throw CommandFailure(
                message: "the log holds more than \(Self.bucketsMax) buckets that are not stored",
                hints: ["ask for less, or let tidemark serve count them: it stores them"])
        }
    }
}

extension SeriesKey {
    init(_ row: SeriesRow) {
        do throws(SeriesKeyFault) {
            try self.init(canonical: row.key.span)
        } catch {
            preconditionFailure("BUG: a series whose key is not canonical")
        }
    }
}
