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
        return Inquiry(
            query: query, groups: groups, memory: memory(of: groups, query),
            floor: floors[query.interval])
    }

    /// The buckets of some groups, written by the body.
    ///
    /// All of it is done by a thread of the store's, of which there are so many as may read at the same
    /// time: the folds and whoever decodes share other threads, and would wait behind every answer.
    /// - Parameters:
    ///   - groups: of the inquiry's.
    ///   - bucketsMax: of all series together, before they are merged.
    public nonisolated func answer<Value: Sendable>(
        _ groups: [SeriesGroup], of inquiry: Inquiry, bucketsMax: Int,
        _ body: @Sendable ([AnsweredSeries]) -> Value
    ) async throws(EngineRefusal) -> Value {
        let query = inquiry.query
        let series = groups.flatMap(\.series)
        guard !series.isEmpty else { return body([]) }
        var ask = BucketQuery(
            series: series, interval: query.interval, range: query.range, bucketsMax: bucketsMax)
        ask.withSketches = query.needsSketches
        let answer: Value?
        do throws(StorageError) {
            answer = try await store.reader.snapshot { [ask] snapshot -> Value? in
                var page = try snapshot.buckets(ask)
                guard page.next == nil else { return nil }
                let missing = inquiry.memory.missing(
                    after: page.lastID, of: series, query.interval, floor: inquiry.floor)
                do throws(SketchFault) {
                    return body(try Self.answer(groups, query, page.take(), missing))
                } catch {
                    throw StorageError(error)
                }
            }
        } catch {
            throw .failed(error)
        }
        guard let answer else { throw .tooManyBuckets(max: bucketsMax) }
        return answer
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
    func memory(of groups: [SeriesGroup], _ query: MetricQuery) -> MemoryBuckets {
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
    /// Of the interval.
    let floor: Timestamp?
}

extension MetricQuery {
    /// The minutes of all buckets in the range, also of one that goes on behind it.
    fileprivate var minutes: TimeRange {
        let last = interval.bucketStart(of: range.to.advanced(byMilliseconds: -1))
        let end = last.advanced(byMilliseconds: interval.milliseconds)
        return TimeRange(from: range.from, to: end) ?? range
    }
}
