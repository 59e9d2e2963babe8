internal import Rollup
internal import Storage
internal import TimeSeries

/// The bucket of each series' whole life: what an exposition tells. It outlives every rollup, so its counters
/// never fall.
struct Lifetimes: Sendable {
    /// By series.
    private(set) var buckets: [Bucket?] = []

    init() {}

    /// Takes in what a flush adds.
    /// - Returns: the rows that changed.
    mutating func add(_ minutes: BucketBatch) -> [StateRow] {
        var changed: Set<SeriesID> = []
        for entry in minutes.entries {
            let place = Int(entry.series.value)
            if place >= buckets.count {
                buckets += repeatElement(nil, count: place + 1 - buckets.count)
            }
            if buckets[place]?.merge(entry.bucket) == nil { buckets[place] = entry.bucket }
            changed.insert(entry.series)
        }
        return changed.sorted().compactMap { series in
            buckets[Int(series.value)].map { StateRow(series, $0) }
        }
    }

    subscript(series: SeriesID) -> Bucket? {
        Int(series.value) < buckets.count ? buckets[Int(series.value)] : nil
    }

    init(_ rows: [StateRow]) throws(StateFault) {
        for row in rows where row.key.kind == StateRow.lifeKind {
            var key = BytesReader(row.key.key)
            guard let number = key.next(UInt32.self), let bucket = Bucket(life: row.value) else {
                throw StateFault(kind: row.key.kind)
            }
            let place = Int(number)
            if place >= buckets.count {
                buckets += repeatElement(nil, count: place + 1 - buckets.count)
            }
            buckets[place] = bucket
        }
    }
}

extension StateRow {
    static let lifeKind = "life"

    /// `count sum min max last last_time sketch`: 8, 16, 16, 16, 16 and 8 bytes, then the BLOB, if there is one.
    init(_ series: SeriesID, _ bucket: Bucket) {
        var key = BytesWriter()
        key.append(series.value)
        var value = BytesWriter()
        value.append(bucket.count)
        value.append(bucket.sum)
        for quantity in [bucket.min, bucket.max, bucket.last] { value.append(quantity.parts) }
        value.append(bucket.lastTime.milliseconds)
        value.append(contentsOf: bucket.sketch?.blob ?? [])
        self.init(key: Key(kind: Self.lifeKind, key: key.bytes), value: value.bytes)
    }
}

extension Bucket {
    fileprivate init?(life bytes: [UInt8]) {
        var reader = BytesReader(bytes)
        guard let count = reader.next(Int64.self), let sum = reader.next(Int128.self),
            let min = reader.next(Int128.self), let max = reader.next(Int128.self),
            let last = reader.next(Int128.self), let time = reader.next(Int64.self)
        else { return nil }
        var sketch: Sketch?
        if !reader.isAtEnd {
            guard let decoded = try? Sketch(blob: reader.remaining.span) else { return nil }
            sketch = decoded
        }
        self.init(
            count: count, sum: sum, min: Quantity(parts: min), max: Quantity(parts: max),
            last: Quantity(parts: last), lastTime: Timestamp(milliseconds: time), sketch: sketch)
    }
}
