public import TimeSeries

/// Buckets with their sketches as bytes: an array for each of thousands of sketches takes longer than all
/// that is done with them.
public struct PackedBuckets: Sendable {
    public struct Entry: Sendable {
        public let series: SeriesID
        private let sketchLength: UInt32
        private let sketchStart: Int
        public let start: Timestamp
        public let numbers: BucketNumbers

        @inline(__always)
        fileprivate init(
            _ series: SeriesID, _ start: Timestamp, _ numbers: BucketNumbers, _ sketch: Range<Int>
        ) {
            self.series = series
            self.start = start
            self.numbers = numbers
            sketchStart = sketch.lowerBound
            sketchLength = UInt32(sketch.count)
        }

        /// Where its sketch stands in `sketches`; empty where it has none, or none was asked for.
        public var sketch: Range<Int> { sketchStart..<sketchStart + Int(sketchLength) }
    }

    public private(set) var entries: [Entry] = []
    /// Blobs as `Sketch` writes them, one after the other.
    public private(set) var sketches: [UInt8] = []

    public init() {}

    public mutating func reserve(_ count: Int) { entries.reserveCapacity(count) }

    /// - Parameter sketch: empty where there is none.
    @inline(__always)
    public mutating func append(
        _ series: SeriesID, _ start: Timestamp, _ numbers: BucketNumbers, sketch: Range<Int>
    ) {
        entries.append(Entry(series, start, numbers, sketch))
    }

    /// Appends bytes that entries are to point to.
    /// - Returns: where they begin.
    public mutating func append(sketches bytes: Span<UInt8>) -> Int {
        let start = sketches.count
        unsafe bytes.withUnsafeBufferPointer { unsafe sketches.append(contentsOf: $0) }
        return start
    }

    /// - Returns: where its bytes stand.
    mutating func append(_ sketch: Sketch?) -> Range<Int> {
        let start = sketches.count
        sketch?.appendBlob(to: &sketches)
        return start..<sketches.count
    }

    public mutating func append(_ bucket: SeriesBucket) {
        let sketch = append(bucket.bucket.sketch)
        append(bucket.series, bucket.start, bucket.bucket.numbers, sketch: sketch)
    }

    public mutating func keep(first count: Int) {
        if entries.count > count { entries.removeSubrange(count...) }
    }

    /// The buckets with their sketches.
    public func buckets() throws(SketchFault) -> [SeriesBucket] {
        var buckets: [SeriesBucket] = []
        buckets.reserveCapacity(entries.count)
        for entry in entries {
            buckets.append(
                SeriesBucket(series: entry.series, start: entry.start, bucket: try bucket(entry)))
        }
        return buckets
    }

    public func bucket(at place: Int) throws(SketchFault) -> Bucket { try bucket(entries[place]) }

    private func bucket(_ entry: Entry) throws(SketchFault) -> Bucket {
        guard !entry.sketch.isEmpty else { return Bucket(entry.numbers, sketch: nil) }
        return Bucket(
            entry.numbers, sketch: try Sketch(blob: sketches.span.extracting(entry.sketch)))
    }
}

// MARK: Merging

extension PackedBuckets {
    /// Where the buckets of a series stand: those of two ranges, one after the other.
    public struct Places: Sendable {
        public var first: Range<Int>
        public var second = 0..<0

        public init(_ range: Range<Int>) { first = range }

        public var count: Int { first.count + second.count }
    }

    /// Merges further buckets of a series into its own; both are in the order of time. What changes is
    /// appended.
    /// - Parameter range: where its own stand.
    public mutating func merge(
        _ others: some Collection<SeriesBucket>, into range: Range<Int>
    ) throws(SketchFault) -> Places {
        guard let start = others.first?.start else { return Places(range) }
        // What is merged is nearly always the newest.
        var border = range.upperBound
        while border > range.lowerBound, entries[border - 1].start >= start { border -= 1 }
        var places = Places(range.lowerBound..<border)
        let first = entries.count
        for var other in others {
            while border < range.upperBound, entries[border].start < other.start {
                entries.append(entries[border])
                border += 1
            }
            if border < range.upperBound, entries[border].start == other.start {
                other.bucket.merge(try bucket(entries[border]))
                border += 1
            }
            append(other)
        }
        while border < range.upperBound {
            entries.append(entries[border])
            border += 1
        }
        places.second = first..<entries.count
        return places
    }

    /// Merges further buckets into those of the last series, so that nothing stands between them.
    /// - Parameter first: where its own begin.
    public mutating func mergeIntoLast(
        _ others: [SeriesBucket], from first: Int
    ) throws(SketchFault) {
        let places = try merge(others, into: first..<entries.count)
        guard !places.second.isEmpty else { return }
        entries.removeSubrange(places.first.upperBound..<places.second.lowerBound)
    }
}
