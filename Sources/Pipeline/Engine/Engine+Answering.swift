internal import Folds
public import Queries
internal import Rollup
internal import Storage
public import TimeSeries

extension Engine {
    /// What a query asks for, as soon as all lines up to one are counted, so that one reads what one wrote.
    ///
    /// Everything that only the engine knows is taken at once: while lines stream in, each turn that one
    /// has to wait for takes a millisecond.
    public func inquiry(
        _ query: MetricQuery, through id: EventID
    ) async throws(EngineRefusal) -> Inquiry {
        try await settle(through: id)
        let groups = query.groups(of: directory.selected(by: query))
        return Inquiry(query: query, groups: groups, memory: memory(of: groups, query))
    }

    /// The buckets of some groups.
    /// - Parameters:
    ///   - groups: of the inquiry's.
    ///   - bucketsMax: of all series together, before they are merged.
    public nonisolated func answer(
        _ groups: [SeriesGroup], of inquiry: Inquiry, bucketsMax: Int
    ) async throws(EngineRefusal) -> [AnsweredSeries] {
        let query = inquiry.query
        let series = groups.flatMap(\.series)
        guard !series.isEmpty else { return [] }
        var ask = BucketQuery(
            series: series, interval: query.interval, range: query.range, bucketsMax: bucketsMax)
        ask.withSketches = query.needsSketches
        var page: BucketPage
        do throws(StorageError) {
            page = try await store.reader.buckets(ask)
        } catch {
            throw .failed(error)
        }
        guard page.next == nil else { throw .tooManyBuckets(max: bucketsMax) }
        let missing = inquiry.memory.missing(
            after: page.lastID, of: series, query.interval, floor: floors[query.interval])
        do throws(SketchFault) {
            return try Self.answer(groups, query, page.take(), missing)
        } catch {
            throw .failed(StorageError(error))
        }
    }

    private static func answer(
        _ groups: [SeriesGroup], _ query: MetricQuery, _ stored: PackedBuckets,
        _ missing: [SeriesBucket]
    ) throws(SketchFault) -> [AnsweredSeries] {
        var buckets = SeriesBuckets(stored)
        try buckets.merge(missing)
        var answer: [AnsweredSeries] = []
        for group in groups { answer.append(try AnsweredSeries(group, buckets, query)) }
        return answer
    }

    /// What the store may not hold yet.
    private func memory(of groups: [SeriesGroup], _ query: MetricQuery) -> MemoryBuckets {
        let minutes = query.minutes
        let series = Set(groups.flatMap(\.series))
        var memory = MemoryBuckets()
        if let frozen {
            memory.append(
                frozen.buckets.entries.filter {
                    minutes.contains($0.start) && series.contains($0.series)
                }, storedThrough: frozen.position.lastID)
        }
        memory.append(
            fold.buckets.batch(of: series, in: minutes).entries,
            storedThrough: fold.position.lastID)
        return memory
    }
}

/// What the engine knows of a query at one moment.
public struct Inquiry: Sendable {
    let query: MetricQuery
    /// Of the whole answer, in its order.
    public let groups: [SeriesGroup]
    let memory: MemoryBuckets
}

extension MetricQuery {
    /// The minutes of all buckets in the range, also of one that goes on behind it.
    fileprivate var minutes: TimeRange {
        let last = interval.bucketStart(of: range.to.advanced(byMilliseconds: -1))
        let end = last.advanced(byMilliseconds: interval.milliseconds)
        return TimeRange(from: range.from, to: end) ?? range
    }
}
