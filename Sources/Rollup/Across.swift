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
        var packed = PackedBuckets()
        for entry in batch.entries { packed.append(entry) }
        do {
            let all = PackedBuckets.Places(packed.entries.indices)
            return try combined(packed, [all]).buckets().map {
                TimedBucket(start: $0.start, bucket: $0.bucket)
            }
        } catch {
            preconditionFailure("BUG: the bytes of a sketch are none: \(error)")
        }
    }

    /// The buckets of a group in the order of time, each under the name of one of its series.
    /// - Parameter places: of the group's series, which have one bucket each at a time.
    public func combined(
        _ buckets: PackedBuckets, _ places: [PackedBuckets.Places]
    ) throws(SketchFault) -> PackedBuckets {
        var combined = PackedBuckets()
        var sum = SketchSum()
        let order = TimeOrder(buckets, places)
        combined.reserve(order.timeCount)
        var rest = order.entries[...]
        while let first = rest.first {
            let group = rest.prefix { $0.start == first.start }
            rest = rest.dropFirst(group.count)
            var numbers = TimedGroup(buckets.entries[first.place].numbers)
            for one in group.dropFirst() { numbers.add(buckets.entries[one.place].numbers) }
            let sketch = try combined.appendSketch(of: group, buckets, &sum)
            combined.append(
                buckets.entries[first.place].series, Timestamp(milliseconds: first.start),
                numbers.numbers(self), sketch: sketch)
        }
        return combined
    }
}

/// Entries of several series by their start.
private struct TimeOrder {
    struct Entry {
        let start: Int64
        let place: Int
    }

    private(set) var entries: [Entry] = []

    init(_ buckets: PackedBuckets, _ places: [PackedBuckets.Places]) {
        entries.reserveCapacity(places.reduce(0) { $0 + $1.count })
        for places in places {
            for range in [places.first, places.second] {
                for place in range {
                    entries.append(
                        Entry(start: buckets.entries[place].start.milliseconds, place: place))
                }
            }
        }
        entries.sort { $0.start < $1.start }
    }

    var timeCount: Int {
        zip(entries, entries.dropFirst()).reduce(entries.isEmpty ? 0 : 1) {
            $0 + ($1.0.start == $1.1.start ? 0 : 1)
        }
    }
}

extension PackedBuckets {
    /// Appends the sketch of all samples of some buckets.
    /// - Returns: an empty range where one of them has no sketch: half the values have no quantiles.
    fileprivate mutating func appendSketch(
        of group: ArraySlice<TimeOrder.Entry>, _ buckets: PackedBuckets, _ sum: inout SketchSum
    ) throws(SketchFault) -> Range<Int> {
        for one in group where buckets.entries[one.place].sketch.isEmpty { return 0..<0 }
        let bytes = buckets.sketches.span
        if group.count == 1, let only = group.first {
            let sketch = buckets.entries[only.place].sketch
            let start = append(sketches: bytes.extracting(sketch))
            return start..<start + sketch.count
        }
        for one in group { try sum.add(bytes.extracting(buckets.entries[one.place].sketch)) }
        return append(sum.take())
    }
}

/// The numbers of several series at the same time.
private struct TimedGroup {
    private var merged: BucketNumbers
    private var lasts: Int128
    private var seriesCount: Int128 = 1
    private var largest, smallest: Quantity

    init(_ first: BucketNumbers) {
        merged = first
        lasts = first.last.parts
        largest = first.last
        smallest = first.last
    }

    mutating func add(_ numbers: BucketNumbers) {
        merged.merge(numbers)
        lasts &+= numbers.last.parts
        seriesCount += 1
        largest = Swift.max(largest, numbers.last)
        smallest = Swift.min(smallest, numbers.last)
    }

    func numbers(_ across: Across) -> BucketNumbers {
        var numbers = merged
        switch across {
        case .sum: numbers.last = Quantity(parts: lasts)
        case .max: numbers.last = largest
        case .min: numbers.last = smallest
        case .avg: numbers.last = Quantity(parts: lasts.divided(by: seriesCount))
        case .merge: break
        }
        return numbers
    }
}
