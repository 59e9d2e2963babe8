public import TimeSeries

/// Buckets in the order of their series and start, each place once: how a rollup table holds them.
public struct BucketBatch: Equatable, Sendable {
    public let entries: [SeriesBucket]

    /// - Parameter entries: in any order; those of the same place are merged.
    public init(merging entries: [SeriesBucket]) {
        // Places are sorted and not buckets, which are large.
        let order = entries.indices.sorted { entries[$0].isBefore(entries[$1]) }
        self.init(ordered: order.map { entries[$0] })
    }

    /// - Parameter entries: those of the same place side by side.
    fileprivate init(ordered entries: [SeriesBucket]) {
        var merged: [SeriesBucket] = []
        merged.reserveCapacity(entries.count)
        for entry in entries { merged.append(merging: entry) }
        self.entries = merged
    }
}

// MARK: Intervals

extension BucketBatch {
    /// What a wider interval takes of a batch.
    public struct Expansion: Equatable, Sendable {
        public let batch: BucketBatch
        /// Samples that were too late for this interval.
        public let samplesBelowFloor: Int64
    }

    /// The same samples in the buckets of an interval, which must not be narrower.
    /// - Parameter floor: the start of the interval's oldest bucket that may still change.
    public func expanded(to interval: Interval, floor: Timestamp? = nil) -> Expansion {
        var widened: [SeriesBucket] = []
        widened.reserveCapacity(entries.count)
        var samplesBelowFloor: Int64 = 0
        for entry in entries {
            let start = interval.bucketStart(of: entry.start)
            if let floor, start < floor {
                samplesBelowFloor = samplesBelowFloor.addingSaturating(entry.bucket.count)
                continue
            }
            widened.append(
                merging: SeriesBucket(series: entry.series, start: start, bucket: entry.bucket))
        }
        return Expansion(
            batch: BucketBatch(ordered: widened), samplesBelowFloor: samplesBelowFloor)
    }
}

extension [SeriesBucket] {
    fileprivate mutating func append(merging entry: SeriesBucket) {
        if let place = indices.last, self[place].isSamePlace(as: entry) {
            self[place].bucket.merge(entry.bucket)
        } else {
            append(entry)
        }
    }
}
