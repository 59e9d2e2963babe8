public import TimeSeries

/// How the series of a group become one.
///
/// Their buckets always merge: counts and sums add up, extremes and quantiles are those of all samples
/// together. What differs is `last`, the reading of the group: a merge takes the latest of all, the
/// others combine the last reading of each series that has one in the bucket.
public enum Across: String, CaseIterable, Sendable {
    case sum, max, min, avg, merge

    /// Ten machines with two sessions each have twenty; ten machines' latencies are one heap of samples.
    public static func standard(for kind: MetricKind) -> Across { kind == .gauge ? .sum : .merge }

    /// The buckets of a group in the order of time.
    public func combined(_ batch: BucketBatch) -> [TimedBucket] {
        var groups: [TimedGroup] = []
        for entry in batch.entries.sorted(by: { $0.start < $1.start }) {
            if let place = groups.indices.last, groups[place].start == entry.start {
                groups[place].add(entry.bucket)
            } else {
                groups.append(TimedGroup(entry))
            }
        }
        return groups.map { TimedBucket(start: $0.start, bucket: $0.bucket(self)) }
    }
}

/// The buckets of several series at the same time.
private struct TimedGroup {
    let start: Timestamp
    private var merged: Bucket
    private var lasts: Int128
    private var seriesCount: Int128 = 1
    private var largest, smallest: Quantity

    init(_ first: SeriesBucket) {
        start = first.start
        merged = first.bucket
        lasts = first.bucket.last.parts
        largest = first.bucket.last
        smallest = first.bucket.last
    }

    mutating func add(_ bucket: Bucket) {
        merged.merge(bucket)
        lasts &+= bucket.last.parts
        seriesCount += 1
        largest = Swift.max(largest, bucket.last)
        smallest = Swift.min(smallest, bucket.last)
    }

    func bucket(_ across: Across) -> Bucket {
        var bucket = merged
        switch across {
        case .sum: bucket.last = Quantity(parts: lasts)
        case .max: bucket.last = largest
        case .min: bucket.last = smallest
        case .avg: bucket.last = Quantity(parts: lasts.divided(by: seriesCount))
        case .merge: break
        }
        return bucket
    }
}
