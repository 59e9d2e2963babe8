internal import Queries
internal import Rollup
internal import Streams
internal import TimeSeries

/// Notices which buckets change and close, and tells what stands in them.
///
/// Nothing is counted here: the engine is asked, as a query asks it, for the buckets that it says have
/// changed, once for each interval that somebody watches.
actor MetricWatch {
    /// Buckets of one tick, of one interval.
    private static let bucketsMax = 100_000

    private let engine: Engine
    private let now: @Sendable () -> Timestamp
    /// Series that have a bucket which is not over, by its start.
    private var open: [Interval: [Timestamp: Set<SeriesID>]] = [:]
    private var isBusy = false

    init(_ engine: Engine, now: @escaping @Sendable () -> Timestamp) {
        self.engine = engine
        self.now = now
    }

    /// What has changed or closed since the last time; nothing while that is still being found out.
    func changes(_ intervals: Set<Interval>) async -> [(Interval, [StreamedBucket])] {
        guard !isBusy else { return [] }
        isBusy = true
        defer { isBusy = false }
        open = open.filter { intervals.contains($0.key) }
        guard !intervals.isEmpty else {
            await engine.forgetChanges()
            return []
        }
        let minutes = await engine.takeChanges()
        var answer: [(Interval, [StreamedBucket])] = []
        for interval in intervals.sorted() {
            let wanted = wanted(minutes, interval, now())
            var buckets: [StreamedBucket] = []
            for start in wanted.keys.sorted() {
                buckets += await self.buckets(wanted[start] ?? [], interval, start)
            }
            if !buckets.isEmpty { answer.append((interval, buckets)) }
        }
        return answer
    }

    /// All that are open, for one who begins to watch.
    func open(_ interval: Interval) async -> [StreamedBucket] {
        // From now on the engine notes what changes.
        await engine.watchChanges()
        let start = interval.bucketStart(of: now())
        let (series, buckets) = await read(nil, interval, start)
        open[interval, default: [:]][start, default: []].formUnion(series)
        return buckets
    }

    private func wanted(
        _ minutes: Set<ChangedMinute>, _ interval: Interval, _ now: Timestamp
    ) -> [Timestamp: Set<SeriesID>] {
        var wanted: [Timestamp: Set<SeriesID>] = [:]
        for minute in minutes {
            wanted[interval.bucketStart(of: minute.start), default: []].insert(minute.series)
        }
        var stillOpen: [Timestamp: Set<SeriesID>] = [:]
        for (start, series) in (open[interval] ?? [:]).merging(
            wanted, uniquingKeysWith: { $0.union($1) })
        {
            if start.milliseconds + interval.milliseconds > now.milliseconds {
                stillOpen[start] = series
            } else if open[interval]?[start] != nil {
                wanted[start, default: []].formUnion(series)
            }
        }
        open[interval] = stillOpen
        return wanted
    }

    private func buckets(
        _ series: Set<SeriesID>, _ interval: Interval, _ start: Timestamp
    ) async -> [StreamedBucket] {
        await read(series, interval, start).buckets
    }

    /// - Parameter series: nil for all.
    private func read(
        _ series: Set<SeriesID>?, _ interval: Interval, _ start: Timestamp
    ) async -> (series: Set<SeriesID>, buckets: [StreamedBucket]) {
        let end = start.advanced(byMilliseconds: interval.milliseconds)
        guard let range = TimeRange(from: start, to: end) else { return ([], []) }
        let query = MetricQuery([MetricPattern("*")], interval, range)
        let inquiry = await engine.inquiry(query, of: series)
        let writer = AnswerWriter(fields: query.fields, now: now())
        let answer = try? await engine.answer(
            inquiry.groups, of: inquiry, bucketsMax: Self.bucketsMax
        ) { answer in
            answer.filter { !$0.isEmpty }.map { one in
                var payload: [UInt8] = []
                writer.appendBuckets(one, to: &payload)
                let group = one.group
                return (
                    group.series,
                    StreamedBucket(
                        metric: group.metric,
                        sourceApp: group.tags.first { $0.key == "source_app" }?.value,
                        payload: payload)
                )
            }
        }
        guard let answer else { return ([], []) }
        return (Set(answer.flatMap(\.0)), answer.map(\.1))
    }
}
