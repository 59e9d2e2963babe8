public import Rollup
public import TimeSeries

/// One group with its buckets: a part of an answer.
public struct AnsweredSeries: Sendable {
    /// What stands in a line of the answer: places, and not a copy of what stands there.
    struct Row {
        var start: Timestamp
        var numbers: Numbers
        /// Where its quantiles begin; nil where it has none.
        var quantiles: Int?
    }

    enum Numbers {
        case none, zeros
        case place(Int)
    }

    public let group: SeriesGroup
    public let interval: Interval
    /// Of all its series, before they were merged and gaps were filled.
    public let bucketsRead: Int
    private(set) var rows: [Row] = []
    private let buckets: PackedBuckets
    /// Those that the query asks for, in its order, without the other fields.
    let asked: [Quantile]
    /// As many as are asked for, of each bucket that has some.
    private(set) var quantiles: [Quantity] = []

    /// It has no bucket in the range.
    public var isEmpty: Bool { rows.isEmpty }

    /// - Parameter buckets: of the group's series, and maybe of others.
    public init(
        _ group: SeriesGroup, _ buckets: SeriesBuckets, _ query: MetricQuery
    ) throws(SketchFault) {
        self.group = group
        interval = query.interval
        asked = query.quantiles
        let places = group.series.map { buckets.places(of: $0) }
        bucketsRead = places.reduce(0) { $0 + $1.count }
        if places.count == 1 {
            self.buckets = buckets.packed
            try read(places[0])
        } else {
            let across = query.across ?? .standard(for: group.kind)
            self.buckets = try across.combined(buckets.packed, places)
            try read(PackedBuckets.Places(self.buckets.entries.indices))
        }
        if query.fill != .none { rows = query.filled(rows) }
    }

    /// - Parameter buckets: those of the group's series, in the order of time within each.
    public init(_ group: SeriesGroup, _ buckets: [SeriesBucket], _ query: MetricQuery) {
        var packed = PackedBuckets()
        for bucket in BucketBatch(merging: buckets).entries { packed.append(bucket) }
        do throws(SketchFault) {
            try self.init(group, SeriesBuckets(packed), query)
        } catch {
            preconditionFailure("BUG: the bytes of a sketch are none: \(error)")
        }
    }

    private mutating func read(_ places: PackedBuckets.Places) throws(SketchFault) {
        let (buckets, asked) = (buckets, AskedQuantiles(asked, scale: group.scale))
        rows.reserveCapacity(places.count)
        quantiles.reserveCapacity(places.count * asked.count)
        for range in [places.first, places.second] {
            for place in range {
                let first = try asked.append(of: place, buckets, to: &quantiles)
                rows.append(
                    Row(
                        start: buckets.entries[place].start, numbers: .place(place),
                        quantiles: first))
            }
        }
    }

    /// Its buckets in the order of time, without what fills gaps.
    public func merged() throws(SketchFault) -> [Bucket] {
        var merged: [Bucket] = []
        for row in rows {
            guard case .place(let place) = row.numbers else { continue }
            merged.append(try buckets.bucket(at: place))
        }
        return merged
    }

    /// - Returns: nil where nothing is known.
    @inline(__always)
    func numbers(_ row: Row) -> BucketNumbers? {
        switch row.numbers {
        case .none: nil
        case .zeros: .zeros
        case .place(let place): buckets.entries[place].numbers
        }
    }

    /// The bucket's time is not over.
    func isOpen(_ row: Row, at now: Timestamp) -> Bool {
        row.start.milliseconds + interval.milliseconds > now.milliseconds
    }
}

extension AskedQuantiles {
    /// - Returns: where they begin; nil where the bucket has none.
    @inline(__always)
    fileprivate func append(
        of place: Int, _ buckets: PackedBuckets, to quantiles: inout [Quantity]
    ) throws(SketchFault) -> Int? {
        let sketch = buckets.entries[place].sketch
        guard count > 0, !sketch.isEmpty else { return nil }
        let start = quantiles.count
        let hasValues = try append(
            of: buckets.sketches.span.extracting(sketch), buckets.entries[place].numbers,
            to: &quantiles)
        return hasValues ? start : nil
    }
}

extension BucketNumbers {
    fileprivate static let zeros = BucketNumbers(
        count: 0, sum: 0, min: .zero, max: .zero, last: .zero,
        lastTime: Timestamp(milliseconds: 0))
}

extension MetricQuery {
    fileprivate var quantiles: [Quantile] {
        fields.compactMap { if case .quantile(let quantile) = $0 { quantile } else { nil } }
    }

    fileprivate func filled(_ known: [AnsweredSeries.Row]) -> [AnsweredSeries.Row] {
        var rows: [AnsweredSeries.Row] = []
        var rest = known[...]
        var last: AnsweredSeries.Row?
        var start = range.from
        while start < range.to {
            if rest.first?.start == start {
                last = rest.removeFirst()
                rows += [last].compactMap(\.self)
            } else {
                rows.append(filler(last, start))
            }
            start = start.advanced(byMilliseconds: interval.milliseconds)
        }
        return rows
    }

    private func filler(
        _ last: AnsweredSeries.Row?, _ start: Timestamp
    ) -> AnsweredSeries.Row {
        var row = AnsweredSeries.Row(start: start, numbers: .none, quantiles: nil)
        switch fill {
        case .none, .null: break
        case .zero: row.numbers = .zeros
        case .previous:
            (row.numbers, row.quantiles) = (last?.numbers ?? .none, last?.quantiles)
        }
        return row
    }
}
