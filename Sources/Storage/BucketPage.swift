public import Rollup
public import TimeSeries

/// Buckets of one moment.
///
/// Pages that follow each other are of different moments: what a page adds to a former one stands behind
/// the former one's checkpoint.
public struct BucketPage: Sendable {
    /// All lines up to this one are counted, no later one is. Before the first flush: `EventID.none`.
    public let lastID: EventID
    /// Where the query goes on; nil where all was read.
    public let next: BucketPlace?
    public let packed: PackedBuckets

    /// The buckets with their sketches, which take most of the time.
    public func buckets() throws(StorageError) -> [SeriesBucket] {
        do {
            return try packed.unpacked()
        } catch {
            throw StorageError(error, "read a sketch")
        }
    }
}

/// Buckets in the order of series and start, their sketches as bytes: an array for each of thousands of
/// sketches takes longer than all the reading.
public struct PackedBuckets: Sendable {
    public struct Entry: Sendable {
        public let series: SeriesID
        public let start: Timestamp
        /// Without its sketch.
        public let numbers: Bucket
        /// Where its sketch stands in `sketches`; empty where it has none, or none was asked for.
        public let sketch: Range<Int>
    }

    public private(set) var entries: [Entry] = []
    /// Blobs as `Sketch` writes them, one after the other.
    public private(set) var sketches: [UInt8] = []

    func unpacked() throws(StorageFault) -> [SeriesBucket] {
        var buckets: [SeriesBucket] = []
        buckets.reserveCapacity(entries.count)
        for entry in entries {
            var bucket = SeriesBucket(
                series: entry.series, start: entry.start, bucket: entry.numbers)
            if !entry.sketch.isEmpty {
                bucket.bucket.sketch = try Sketch(stored: sketches.span.extracting(entry.sketch))
            }
            buckets.append(bucket)
        }
        return buckets
    }
}

extension PackedBuckets {
    mutating func reserve(_ count: Int) { entries.reserveCapacity(count) }

    /// - Parameter sketch: empty where there is none.
    mutating func append(
        _ series: SeriesID, _ start: Timestamp, _ numbers: Bucket, sketch: Range<Int>
    ) {
        entries.append(Entry(series: series, start: start, numbers: numbers, sketch: sketch))
    }

    /// Appends bytes that entries are to point to.
    /// - Returns: where they begin.
    mutating func append(sketches bytes: Span<UInt8>) -> Int {
        let start = sketches.count
        unsafe bytes.withUnsafeBufferPointer { unsafe sketches.append(contentsOf: $0) }
        return start
    }

    mutating func append(_ bucket: SeriesBucket) {
        var numbers = bucket.bucket
        numbers.sketch = nil
        let start = sketches.count
        bucket.bucket.sketch?.appendBlob(to: &sketches)
        append(bucket.series, bucket.start, numbers, sketch: start..<sketches.count)
    }

    /// Merges buckets into those from a place on; both are in the order of time.
    mutating func merge(_ others: [SeriesBucket], from first: Int) throws(StorageFault) {
        guard let start = others.first?.start else { return }
        // What is merged is nearly always the newest.
        var border = entries.count
        while border > first, entries[border - 1].start >= start { border -= 1 }
        let known = Array(entries[border...])
        entries.removeSubrange(border...)
        var place = 0
        for var other in others {
            while place < known.count, known[place].start < other.start {
                entries.append(known[place])
                place += 1
            }
            if place < known.count, known[place].start == other.start {
                var bucket = known[place].numbers
                if !known[place].sketch.isEmpty {
                    bucket.sketch = try Sketch(
                        stored: sketches.span.extracting(known[place].sketch))
                }
                other.bucket.merge(bucket)
                place += 1
            }
            append(other)
        }
        entries += known[place...]
    }

    mutating func keep(first count: Int) {
        if entries.count > count { entries.removeSubrange(count...) }
    }
}

extension Sketch {
    /// From the store's bytes.
    @inline(__always)
    init(stored bytes: Span<UInt8>) throws(StorageFault) {
        do throws(SketchFault) {
            try self.init(blob: bytes)
        } catch {
            throw StorageFault(.corrupt, "a sketch: \(error.rawValue)")
        }
    }
}
