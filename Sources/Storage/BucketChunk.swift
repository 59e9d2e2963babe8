internal import Rollup
internal import TimeSeries

/// Up to 60 buckets of one series, side by side in time: a row of a rollup table.
///
/// A chunk begins at a multiple of 60 times its interval. Its `numbers` are a record a bucket, in the
/// order of time; its `sketches` stand one after the other in the same order:
///
///     ┌───────┬───────┬─────┬───────┬───────┬───────┬───────────┬───────────────┐
///     │ place │ count │ sum │ min   │ max   │ last  │ last time │ sketch length │
///     │ 1     │ 8     │ 16  │ width │ width │ width │ 8         │ 4             │  bytes
///     └───────┴───────┴─────┴───────┴───────┴───────┴───────────┴───────────────┘
///
/// Place: how many buckets after the chunk's start. Width: 8 as long as all values of the chunk fit, else
/// 16. Times are milliseconds. Place and length are big-endian; all others are ordered (big-endian, the
/// sign bit flipped), so `hex()` shows them in their order.
struct BucketChunk {
    static let bucketsMax = 60

    /// In milliseconds.
    static func length(_ interval: Interval) -> Int64 {
        interval.milliseconds * Int64(bucketsMax)
    }

    /// The start of the chunk that a bucket lies in.
    static func start(of bucket: Timestamp, _ interval: Interval) -> Timestamp {
        let length = length(interval)
        let offset = bucket.milliseconds % length
        return Timestamp(
            milliseconds: bucket.milliseconds - (offset < 0 ? offset + length : offset))
    }

    let start: Timestamp
    let interval: Interval
    private(set) var width = ValueWidth.narrow
    private(set) var numbers: [UInt8] = []
    private(set) var sketches: [UInt8] = []

    init(start: Timestamp, interval: Interval) {
        self.start = start
        self.interval = interval
    }

    /// As it is stored.
    init(
        start: Timestamp, interval: Interval, width: ValueWidth, numbers: [UInt8],
        sketches: [UInt8]
    ) throws(StorageFault) {
        self.init(start: start, interval: interval)
        self.width = width
        self.numbers = numbers
        self.sketches = sketches
        var cursor = ChunkCursor(width: width)
        while try cursor.next(numbers.span) != nil {}
        guard cursor.sketchesEnd == sketches.count else { throw .chunk }
    }

    var count: Int { numbers.count / width.recordLength }
    var isEmpty: Bool { numbers.isEmpty }
}

extension StorageFault {
    static let chunk = StorageFault(.corrupt, "a row of a rollup table is no chunk of buckets")
}

// MARK: Changing

extension BucketChunk {
    /// Takes in a bucket that starts within the chunk.
    mutating func merge(_ bucket: Bucket, at time: Timestamp) throws(StorageFault) {
        let place = place(of: time)
        if !width.holds(bucket) { try widen() }
        // As a rule time goes on, and what is there need not be read.
        guard place <= lastPlace else {
            let (end, sketchesEnd) = (numbers.count, sketches.count)
            return put(bucket, place, numbers: end..<end, sketches: sketchesEnd..<sketchesEnd)
        }
        var cursor = ChunkCursor(width: width)
        while true {
            let (offset, end) = (cursor.offset, cursor.sketchesEnd)
            guard let record = try cursor.next(numbers.span), record.place <= place else {
                return put(bucket, place, numbers: offset..<offset, sketches: end..<end)
            }
            guard record.place == place else { continue }
            var merged = Bucket(record.numbers, sketch: nil)
            if !record.sketch.isEmpty {
                merged.sketch = try Sketch(stored: sketches.span.extracting(record.sketch))
            }
            merged.merge(bucket)
            return put(merged, place, numbers: offset..<cursor.offset, sketches: record.sketch)
        }
    }

    /// Before the first bucket: −1.
    private var lastPlace: Int {
        isEmpty ? -1 : Int(numbers[numbers.count - width.recordLength])
    }

    private func place(of time: Timestamp) -> Int {
        precondition(Self.start(of: time, interval) == start, "BUG: a bucket of another chunk")
        return Int((time.milliseconds - start.milliseconds) / interval.milliseconds)
    }

    private mutating func put(
        _ bucket: Bucket, _ place: Int, numbers: Range<Int>, sketches: Range<Int>
    ) {
        let sketch = bucket.sketch?.blob ?? []
        var record: [UInt8] = []
        record.reserveCapacity(width.recordLength)
        record.append(record: bucket.numbers, place: place, sketchLength: sketch.count, width)
        self.numbers.replaceSubrange(numbers, with: record)
        self.sketches.replaceSubrange(sketches, with: sketch)
    }

    private mutating func widen() throws(StorageFault) {
        guard width == .narrow else { return }
        try rewrite(width: .wide) { _ in true }
    }

    /// Removes the buckets that start within a range.
    mutating func remove(in range: TimeRange) throws(StorageFault) {
        let (start, interval) = (start, interval)
        try rewrite(width: width) { place in
            let offset = Int64(place) * interval.milliseconds
            return !range.contains(start.advanced(byMilliseconds: offset))
        }
    }

    private mutating func rewrite(
        width: ValueWidth, keeping isKept: (_ place: Int) -> Bool
    ) throws(StorageFault) {
        var kept: (numbers: [UInt8], sketches: [UInt8]) = ([], [])
        var cursor = ChunkCursor(width: self.width)
        while let record = try cursor.next(numbers.span) {
            guard isKept(record.place) else { continue }
            kept.numbers.append(
                record: record.numbers, place: record.place, sketchLength: record.sketch.count,
                width)
            kept.sketches += sketches[record.sketch]
        }
        (self.width, numbers, sketches) = (width, kept.numbers, kept.sketches)
    }
}

extension [UInt8] {
    fileprivate mutating func append(
        record bucket: BucketNumbers, place: Int, sketchLength: Int, _ width: ValueWidth
    ) {
        append(UInt8(truncatingIfNeeded: place))
        append(ordered: bucket.count)
        append(ordered: bucket.sum)
        append(bucket.min, width)
        append(bucket.max, width)
        append(bucket.last, width)
        append(ordered: bucket.lastTime.milliseconds)
        append(bigEndian: UInt32(truncatingIfNeeded: sketchLength))
    }

    private mutating func append(_ value: Quantity, _ width: ValueWidth) {
        switch width {
        case .narrow: append(ordered: Int64(truncatingIfNeeded: value.parts))
        case .wide: append(ordered: value.parts)
        }
    }
}
