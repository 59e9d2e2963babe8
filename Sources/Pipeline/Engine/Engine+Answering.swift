internal import Folds
public import Queries
internal import Rollup
internal import Storage
internal import TimeSeries

extension Engine {
    /// The series that a query asks for, in its groups.
    public func groups(_ query: MetricQuery) -> [SeriesGroup] {
        query.groups(of: directory.selected(by: query))
    }

    /// The buckets of some groups.
    /// - Parameter bucketsMax: of all series together, before they are merged.
    public nonisolated func answer(
        _ groups: [SeriesGroup], _ query: MetricQuery, bucketsMax: Int
    ) async throws(EngineRefusal) -> [AnsweredSeries] {
        let series = groups.flatMap(\.series)
        let memory = await memory(of: Set(series), query)
        guard !series.isEmpty else { return [] }
        var ask = BucketQuery(
            series: series, interval: query.interval, range: query.range, bucketsMax: bucketsMax)
        ask.withSketches = query.needsSketches
        let page: BucketPage
        let stored: [SeriesBucket]
        do throws(StorageError) {
            page = try await store.reader.buckets(ask)
            stored = try page.buckets()
        } catch {
            throw .failed(error)
        }
        guard page.next == nil else { throw .tooManyBuckets(max: bucketsMax) }
        let buckets = memory.added(
            to: stored, through: page.lastID, query, floor: floors[query.interval])
        return groups.map { AnsweredSeries($0, buckets.of($0.series), query) }
    }

    /// What the store may not hold yet.
    private func memory(of series: Set<SeriesID>, _ query: MetricQuery) -> MemoryBuckets {
        let minutes = query.minutes
        var parts: [MemoryBuckets.Part] = []
        if let frozen {
            parts.append(
                MemoryBuckets.Part(
                    lastID: frozen.position.lastID,
                    buckets: frozen.buckets.entries.filter {
                        minutes.contains($0.start) && series.contains($0.series)
                    }))
        }
        parts.append(
            MemoryBuckets.Part(
                lastID: fold.position.lastID,
                buckets: fold.buckets.batch(of: series, in: minutes).entries))
        return MemoryBuckets(parts: parts)
    }
}

/// Buckets of minutes that were not stored when a query began, in the order in which they will be.
struct MemoryBuckets: Sendable {
    struct Part {
        /// The store holds the part once its checkpoint has come here.
        let lastID: EventID
        let buckets: [SeriesBucket]
    }

    let parts: [Part]

    /// Each part counts where the snapshot that was read does not hold it.
    func added(
        to stored: [SeriesBucket], through id: EventID, _ query: MetricQuery, floor: Timestamp?
    ) -> SortedBuckets {
        let missing = parts.filter { $0.lastID > id && !$0.buckets.isEmpty }
        guard !missing.isEmpty else { return SortedBuckets(stored) }
        let minutes = BucketBatch(merging: missing.flatMap(\.buckets))
        let wide = minutes.expanded(to: query.interval, floor: floor).batch.entries
        return SortedBuckets(BucketBatch(merging: stored + wide).entries)
    }
}

/// Buckets in the order of series and time.
struct SortedBuckets {
    private let buckets: [SeriesBucket]
    private var ranges: [SeriesID: Range<Int>] = [:]

    init(_ buckets: [SeriesBucket]) {
        self.buckets = buckets
        var start = 0
        while start < buckets.count {
            let series = buckets[start].series
            var end = start
            while end < buckets.count, buckets[end].series == series { end += 1 }
            ranges[series] = start..<end
            start = end
        }
    }

    func of(_ series: [SeriesID]) -> [SeriesBucket] {
        series.flatMap { ranges[$0].map { buckets[$0] } ?? [] }
    }
}

extension MetricQuery {
    /// The minutes of all buckets in the range, also of one that goes on behind it.
    fileprivate var minutes: TimeRange {
        let last = interval.bucketStart(of: range.to.advanced(byMilliseconds: -1))
        let end = last.advanced(byMilliseconds: interval.milliseconds)
        return TimeRange(from: range.from, to: end) ?? range
    }
}
