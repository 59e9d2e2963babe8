public import Rollup
public import TimeSeries

/// One group with its buckets: a part of an answer.
public struct AnsweredSeries: Sendable {
    public struct Row: Sendable {
        public let start: Timestamp
        /// Nil where there is none and the query wants nulls.
        public let bucket: Bucket?
    }

    public let group: SeriesGroup
    public let interval: Interval
    public let rows: [Row]

    /// - Parameter buckets: those of the group's series, in the order of time within each.
    public init(_ group: SeriesGroup, _ buckets: [SeriesBucket], _ query: MetricQuery) {
        self.group = group
        interval = query.interval
        let across = query.across ?? .standard(for: group.kind)
        let buckets =
            group.series.count == 1
            ? buckets.map { TimedBucket(start: $0.start, bucket: $0.bucket) }
            : across.combined(BucketBatch(merging: buckets))
        rows = query.filled(buckets, group.kind)
    }

    /// The bucket's time is not over.
    public func isOpen(_ row: Row, at now: Timestamp) -> Bool {
        row.start.milliseconds + interval.milliseconds > now.milliseconds
    }
}

extension MetricQuery {
    fileprivate func filled(_ buckets: [TimedBucket], _ kind: MetricKind) -> [AnsweredSeries.Row] {
        guard fill != .none else {
            return buckets.map { AnsweredSeries.Row(start: $0.start, bucket: $0.bucket) }
        }
        var rows: [AnsweredSeries.Row] = []
        var rest = buckets[...]
        var last: Bucket?
        var start = range.from
        while start < range.to {
            var bucket = rest.first?.start == start ? rest.removeFirst().bucket : nil
            if bucket == nil { bucket = filler(last, start, kind) } else { last = bucket }
            rows.append(AnsweredSeries.Row(start: start, bucket: bucket))
            start = start.advanced(byMilliseconds: interval.milliseconds)
        }
        return rows
    }

    private func filler(_ last: Bucket?, _ start: Timestamp, _ kind: MetricKind) -> Bucket? {
        switch fill {
        case .none, .null: nil
        case .previous: last
        case .zero:
            Bucket(
                count: 0, sum: 0, min: .zero, max: .zero, last: .zero, lastTime: start,
                sketch: kind.hasSketch ? Sketch() : nil)
        }
    }
}
