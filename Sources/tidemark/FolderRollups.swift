internal import Catalogue
internal import Folds
internal import Pipeline
internal import Queries
internal import Rollup
internal import Storage
internal import TimeSeries

/// All that a data folder has to say to one query: what is stored, and what only the log holds yet. Another
/// process may own the folder and go on.
struct FolderRollups {
    private let reader: DerivedReader?
    private var tail: LogTail

    /// As a server's streamed answers have it.
    private static let groupBucketsMax = 10_000_000

    /// - Parameter query: what will be asked; nil for names alone.
    init(folder: String, _ query: MetricQuery?) async throws {
        let stored = try await StoredRollups.open(folder: folder)
        let log = try FolderLog(folder: folder)
        let fold = stored?.fold(log)
        reader = fold == nil ? nil : stored?.reader
        let floor = query.flatMap { stored?.folds.floors[$0.interval] }
        tail = try LogTail(log, after: fold ?? Fold(), query, floor: fold == nil ? nil : floor)
    }

    var series: [KnownSeries] {
        tail.fold.series.rows.map { row in
            let key = SeriesKey(row)
            let unit = tail.fold.metrics.id(of: key.metric).map { tail.fold.metrics[$0].unit }
            return KnownSeries(
                id: row.series, key: key, kind: row.kind, unit: unit ?? "", scale: row.scale)
        }
    }

    var summaries: [MetricSummary] { MetricSummary.all(series, tail.fold) }

    /// - Parameter query: the one that it was opened for.
    mutating func answer(
        _ group: SeriesGroup, _ query: MetricQuery
    ) async throws -> AnsweredSeries {
        var ask = BucketQuery(
            series: group.series, interval: query.interval, range: query.range,
            bucketsMax: Self.groupBucketsMax)
        ask.withSketches = query.needsSketches
        let page: BucketPage?
        let stored: [SeriesBucket]
        do throws(StorageError) {
            page = try await reader?.buckets(ask)
            stored = try page?.buckets() ?? []
        } catch {
            throw CommandFailure(error)
        }
        guard page?.next == nil else {
            throw CommandFailure(
                message: "a series has more than \(Self.groupBucketsMax) buckets",
                hints: ["ask for a wider --interval, or less time"])
        }
        let buckets = try tail.added(to: stored, through: page?.lastID ?? .none, of: group)
        return AnsweredSeries(group, buckets, query)
    }
}
