public import Catalogue
internal import EventLine
public import Rollup
internal import TimeSeries

/// All folds of the log in one: lines go in, in the order of the log; buckets, series and what must be
/// remembered for later lines come out as changes, to be stored together with the position they cover.
///
///     line ─► LineObserver ─► observations ─► SeriesTable ─► BucketTable ─► FoldChanges
///
/// It reads lines and nothing else. One that is restored from what was stored after a line goes on
/// exactly as the one that saw the line.
public struct Fold: Sendable {
    public struct Limits: Sendable {
        public var observer = LineObserver.Limits()
        public var series = SeriesTable.Limits()

        public init() {}
    }

    /// Rises whenever the same lines would give other numbers; rollups of another version are made anew.
    public static let version = 2

    public private(set) var position = FoldPosition()
    public private(set) var series: SeriesTable
    public private(set) var buckets = BucketTable()
    public private(set) var refusals = FoldRefusals()
    private var observer: LineObserver
    private var batch = ObservationBatch()

    /// - Parameter hashSeed: see `SeriesTable`; no number depends on it.
    public init(limits: Limits = Limits(), hashSeed: UInt64 = 0) {
        series = SeriesTable(limits: limits.series, hashSeed: hashSeed)
        observer = LineObserver(limits: limits.observer)
    }

    public init(
        limits: Limits = Limits(), hashSeed: UInt64 = 0, restoring state: FoldState
    ) throws(SeriesTableFault) {
        position = state.position
        series = try SeriesTable(
            restoring: state.series, limits: limits.series, hashSeed: hashSeed)
        observer = LineObserver(limits: limits.observer, restoring: state.observer)
    }

    public var metrics: MetricTable { observer.metrics }
    public var omissions: Omissions { observer.omissions }
    /// The user's entries in force.
    public var catalogue: UserCatalogue { observer.catalogue }

    /// What a metric is, by the entry in force where it has one: its text may change.
    public func help(of metric: String) -> String {
        catalogue.metrics.first { $0.name == metric }?.help
            ?? metrics.id(of: metric).map { metrics[$0].help } ?? ""
    }
}

// MARK: Lines in

extension Fold {
    /// Takes in the next line of the log. One that was taken in before, or that has no place in the log
    /// (a header), is passed over.
    public mutating func add(_ line: Span<UInt8>) {
        guard let id = EventEnvelope.id(of: line), id > position.lastID else { return }
        // Taken out meanwhile, so that its keys can be read while the series change.
        var batch = ObservationBatch()
        swap(&batch, &self.batch)
        observer.observe(line, into: &batch)
        advance(to: id)
        var open: OpenSeries?
        for item in batch.items {
            if let index = item.aggregateIndex {
                add(batch.aggregates[index], item, of: batch)
            } else {
                add(item, of: batch, &open)
            }
        }
        batch.removeAll()
        swap(&batch, &self.batch)
    }

    /// Series retire when a line begins another minute of the folds' clock, so that a replay retires the
    /// same ones at the same line.
    private mutating func advance(to id: EventID) {
        let clock = max(position.clock, observer.clock)
        let hasMinuteEnded =
            Interval.oneMinute.bucketStart(of: clock)
            > Interval.oneMinute.bucketStart(of: position.clock)
        position = FoldPosition(lastID: id, clock: clock)
        if hasMinuteEnded { series.sweep(now: clock, at: id) }
    }

    /// The series of the last sample; samples of one series mostly stand together.
    private struct OpenSeries {
        let key: Range<Int>
        let place: SeriesID
        let scale: QuantityScale
    }

    @inline(__always)
    private mutating func add(
        _ item: ObservationBatch.Item, of batch: borrowing ObservationBatch,
        _ open: inout OpenSeries?
    ) {
        if let open, open.key == item.key {
            series.add(item.value.parts, to: open.place)
            buckets.add(
                item.value, at: item.time, to: open.place, kind: item.kind, scale: open.scale)
        } else {
            let scale = observer.metrics.scale(item.metric)
            guard let place = place(of: item, batch, scale, count: 1, sum: item.value.parts) else {
                return
            }
            open = OpenSeries(key: item.key, place: place, scale: scale)
            buckets.add(item.value, at: item.time, to: place, kind: item.kind, scale: scale)
        }
    }

    private mutating func add(
        _ aggregate: ObservationBatch.Aggregate, _ item: ObservationBatch.Item,
        of batch: borrowing ObservationBatch
    ) {
        guard let bucket = Bucket(aggregate, item, sketches: batch.sketches.span) else {
            refusals.inconsistentAggregates += 1
            return
        }
        let scale = observer.metrics.scale(item.metric)
        guard let place = place(of: item, batch, scale, count: bucket.count, sum: bucket.sum)
        else { return }
        buckets.merge(bucket, at: item.time, into: place)
    }

    @inline(__always)
    private mutating func place(
        of item: ObservationBatch.Item, _ batch: borrowing ObservationBatch,
        _ scale: QuantityScale, count: Int64, sum: Int128
    ) -> SeriesID? {
        do throws(SeriesRefusal) {
            return try series.observe(
                batch.keys.span.extracting(item.key), kind: item.kind, scale: scale, count: count,
                sum: sum, at: position.lastID, now: position.clock)
        } catch {
            refusals.samplesWithoutSeries += 1
            return nil
        }
    }
}

// MARK: Changes out

extension Fold {
    /// Whether lines were taken in since the last time.
    public func hasChanges(since position: FoldPosition) -> Bool {
        position != self.position
    }

    /// Hands over what changed since the last time.
    public mutating func takeChanges() -> FoldChanges {
        FoldChanges(
            position: position, buckets: buckets.take(), series: series.takeChanges(),
            observer: observer.takeChanges())
    }
}

extension Bucket {
    /// - Returns: nil where the parts cannot all be true.
    fileprivate init?(
        _ aggregate: ObservationBatch.Aggregate, _ item: ObservationBatch.Item,
        sketches: Span<UInt8>
    ) {
        var sketch: Sketch?
        if item.kind.hasSketch, !aggregate.sketch.isEmpty {
            guard let decoded = try? Sketch(blob: sketches.extracting(aggregate.sketch)) else {
                return nil
            }
            sketch = decoded
        }
        guard let count = Int64(exactly: aggregate.count) else { return nil }
        self.init(
            count: count, sum: aggregate.sum, min: aggregate.min, max: aggregate.max,
            last: item.value, lastTime: item.time, sketch: sketch)
        guard isConsistent else { return nil }
    }
}
