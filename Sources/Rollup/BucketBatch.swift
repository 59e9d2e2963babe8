public import TimeSeries

/// Buckets in the order of their series and start, each place once: how a rollup table holds them.
public struct BucketBatch: Equatable, Sendable {
    public let entries: [SeriesBucket]

    /// - Parameter entries: in any order; those of the same place are merged.
    public init(merging entries: [SeriesBucket]) {
        // Keys are sorted and not buckets, which are six times as large.
        var order = entries.indices.map {
            Key(series: entries[$0].series, start: entries[$0].start, place: $0)
        }
        order.sort { $0.isBefore($1) }
        var merged: [SeriesBucket] = []
        merged.reserveCapacity(entries.count)
        for key in order { merged.append(merging: entries[key.place]) }
        self.entries = merged
    }

    private struct Key {
        let series: SeriesID
        let start: Timestamp
        let place: Int

        @inline(__always)
        func isBefore(_ other: Key) -> Bool {
            series != other.series ? series < other.series : start < other.start
        }
    }

    private init(ordered entries: [SeriesBucket]) {
        self.entries = entries
    }

    /// The same buckets in batches of about so many, in their order; those of one series stay together.
    public func forEachStretch<Failure>(
        of bucketCount: Int, _ body: (BucketBatch) throws(Failure) -> Void
    ) throws(Failure) {
        var start = 0
        while start < entries.count {
            var end = min(start + max(bucketCount, 1), entries.count)
            while end < entries.count, entries[end].series == entries[end - 1].series { end += 1 }
            try body(BucketBatch(ordered: Array(entries[start..<end])))
            start = end
        }
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
