public import TimeSeries

/// The buckets of one minute that changed since they were last taken out.
///
/// The newest minute of each series is found by the series' number alone; older ones, which late
/// samples ask for, in a dictionary.
public struct BucketTable: Sendable {
    private struct Newest {
        var start: Int64
        var place: Int

        /// No sample is less than a minute after it: all moments of the calendar are later.
        static let none = Newest(start: .min, place: -1)
    }

    private struct Minute: Hashable {
        let series: SeriesID
        let start: Int64
    }

    private var entries: [SeriesBucket] = []
    /// By series.
    private var newest: [Newest] = []
    /// Places of the minutes that are not their series' newest.
    private var older: [Minute: Int] = [:]

    public init() {}

    /// Buckets, not samples.
    public var count: Int { entries.count }
    public var isEmpty: Bool { entries.isEmpty }

    /// Where its buckets are, in no order.
    public var minutes: some Sequence<(series: SeriesID, start: Timestamp)> {
        entries.lazy.map { ($0.series, $0.start) }
    }
}

// MARK: Adding

extension BucketTable {
    public mutating func add(
        _ value: Quantity, at time: Timestamp, to series: SeriesID, kind: MetricKind,
        scale: QuantityScale = .millionths
    ) {
        if let place = newestPlace(series, time) {
            entries[place].bucket.add(value, at: time, scale: scale)
        } else {
            addElsewhere(value, time, series, kind, scale)
        }
    }

    @inline(never)
    private mutating func addElsewhere(
        _ value: Quantity, _ time: Timestamp, _ series: SeriesID, _ kind: MetricKind,
        _ scale: QuantityScale
    ) {
        let start = Interval.oneMinute.bucketStart(of: time)
        if let place = older[Minute(series: series, start: start.milliseconds)] {
            entries[place].bucket.add(value, at: time, scale: scale)
        } else {
            insert(series, start, Bucket(value, at: time, kind: kind, scale: scale))
        }
    }

    /// Takes samples that were put into a bucket elsewhere.
    /// - Parameter time: any moment of their minute.
    public mutating func merge(_ bucket: Bucket, at time: Timestamp, into series: SeriesID) {
        let start = Interval.oneMinute.bucketStart(of: time)
        let place =
            newestPlace(series, time) ?? older[Minute(series: series, start: start.milliseconds)]
        if let place { entries[place].bucket.merge(bucket) } else { insert(series, start, bucket) }
    }

    @inline(__always)
    private func newestPlace(_ series: SeriesID, _ time: Timestamp) -> Int? {
        let number = Int(series.value)
        guard number < newest.count else { return nil }
        let offset = time.milliseconds &- newest[number].start
        let isWithin = UInt64(bitPattern: offset) < UInt64(Interval.oneMinute.milliseconds)
        return isWithin ? newest[number].place : nil
    }

    private mutating func insert(_ series: SeriesID, _ start: Timestamp, _ bucket: Bucket) {
        let number = Int(series.value)
        if number >= newest.count {
            newest += repeatElement(.none, count: number + 1 - newest.count)
        }
        var minute = Newest(start: start.milliseconds, place: entries.count)
        entries.append(SeriesBucket(series: series, start: start, bucket: bucket))
        if minute.start > newest[number].start { swap(&minute, &newest[number]) }
        guard minute.place >= 0 else { return }
        older[Minute(series: series, start: minute.start)] = minute.place
    }
}

// MARK: Taking out

extension BucketTable {
    /// Hands all buckets over, without a copy, and starts again without any.
    public mutating func take() -> BucketTable {
        var taken = BucketTable()
        taken.entries.reserveCapacity(entries.count)
        taken.newest.reserveCapacity(newest.count)
        swap(&taken, &self)
        return taken
    }

    public func batch() -> BucketBatch { BucketBatch(merging: entries) }

    /// The buckets of these series that start within a range.
    public func batch(of series: Set<SeriesID>, in range: TimeRange) -> BucketBatch {
        BucketBatch(
            merging: entries.filter { range.contains($0.start) && series.contains($0.series) })
    }
}
