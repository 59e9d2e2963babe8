import Rollup
import Storage
import TimeSeries

/// What a store is to hold: plain dictionaries.
struct NaiveStore {
    var checkpoint: Checkpoint?
    var floors: [Interval: Timestamp] = [:]
    private var buckets: [Interval: [BucketPlace: Bucket]] = [:]
    private var state: [StateRow.Key: [UInt8]] = [:]

    /// - Returns: samples that were too late.
    mutating func add(_ flush: Flush) -> [Interval: Int64] {
        checkpoint = flush.checkpoint
        for key in flush.state.removed { state[key] = nil }
        for row in flush.state.written { state[row.key] = row.value }
        return add(flush.minutes)
    }

    @discardableResult
    mutating func add(_ minutes: BucketBatch) -> [Interval: Int64] {
        var late: [Interval: Int64] = [:]
        for entry in minutes.entries {
            for interval in Interval.allCases {
                let start = interval.bucketStart(of: entry.start)
                guard start >= floors[interval] ?? start else {
                    late[interval, default: 0] += entry.bucket.count
                    continue
                }
                let place = BucketPlace(series: entry.series, start: start)
                var bucket = buckets[interval]?[place] ?? entry.bucket
                if buckets[interval]?[place] != nil { bucket.merge(entry.bucket) }
                buckets[interval, default: [:]][place] = bucket
            }
        }
        return late
    }

    mutating func raiseFloor(of interval: Interval, to floor: Timestamp) {
        floors[interval] = max(floors[interval] ?? floor, floor)
        buckets[interval] = buckets[interval]?.filter { $0.key.start >= floor }
    }

    mutating func remove(_ series: [SeriesID], _ hours: TimeRange) {
        for interval in Interval.allCases {
            buckets[interval] = buckets[interval]?
                .filter { !series.contains($0.key.series) || !hours.contains($0.key.start) }
        }
    }

    func rows(_ interval: Interval) -> [SeriesBucket] {
        (buckets[interval] ?? [:])
            .map { SeriesBucket(series: $0.series, start: $0.start, bucket: $1) }
            .sorted { ($0.series.value, $0.start) < ($1.series.value, $1.start) }
    }

    var stateRows: [StateRow] {
        state.map { StateRow(key: $0, value: $1) }
            .sorted {
                $0.key.kind != $1.key.kind
                    ? $0.key.kind < $1.key.kind
                    : $0.key.key.lexicographicallyPrecedes($1.key.key)
            }
    }
}
