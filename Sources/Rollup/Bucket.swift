public import TimeSeries

/// What is kept of the samples of one series within one stretch of time; at least one sample.
///
/// Buckets merge: any split of the same samples, in any order, makes the same bucket.
public struct Bucket: Equatable, Sendable {
    public var numbers: BucketNumbers
    /// Gauges and distributions have one, counters do not.
    public var sketch: Sketch?

    public init(_ numbers: BucketNumbers, sketch: Sketch?) {
        self.numbers = numbers
        self.sketch = sketch
    }

    /// As stored, or as made elsewhere: `isConsistent` tells whether it can be true.
    public init(
        count: Int64, sum: Int128, min: Quantity, max: Quantity, last: Quantity,
        lastTime: Timestamp, sketch: Sketch?
    ) {
        self.init(
            BucketNumbers(
                count: count, sum: sum, min: min, max: max, last: last, lastTime: lastTime),
            sketch: sketch)
    }

    /// The bucket of one sample.
    public init(
        _ value: Quantity, at time: Timestamp, kind: MetricKind, scale: QuantityScale = .millionths
    ) {
        var sketch = kind.hasSketch ? Sketch() : nil
        sketch?.add(value, scale: scale)
        self.init(
            count: 1, sum: value.parts, min: value, max: value, last: value, lastTime: time,
            sketch: sketch)
    }
}

extension MetricKind {
    /// Of a counter only the sum is asked.
    public var hasSketch: Bool { self != .counter }
}

// MARK: Numbers

extension Bucket {
    public var count: Int64 {
        get { numbers.count }
        set { numbers.count = newValue }
    }

    /// In parts.
    public var sum: Int128 {
        get { numbers.sum }
        set { numbers.sum = newValue }
    }

    public var min: Quantity {
        get { numbers.min }
        set { numbers.min = newValue }
    }

    public var max: Quantity {
        get { numbers.max }
        set { numbers.max = newValue }
    }

    /// The greatest (time, value).
    public var last: Quantity {
        get { numbers.last }
        set { numbers.last = newValue }
    }

    public var lastTime: Timestamp {
        get { numbers.lastTime }
        set { numbers.lastTime = newValue }
    }
}

// MARK: Adding

extension Bucket {
    @inline(__always)
    public mutating func add(
        _ value: Quantity, at time: Timestamp, scale: QuantityScale = .millionths
    ) {
        numbers.add(value, at: time)
        sketch?.add(value, scale: scale)
    }

    /// A bucket without a sketch makes one without: half the values have no quantiles.
    public mutating func merge(_ other: Bucket) {
        numbers.merge(other.numbers)
        if let others = other.sketch { sketch?.merge(others) } else { sketch = nil }
    }
}

// MARK: Buckets from elsewhere

extension Bucket {
    /// So many samples a sender may have put into one bucket.
    public static let senderCountMax: Int64 = 1_000_000_000

    /// Whether samples could have made this bucket, as far as it can be told.
    public var isConsistent: Bool {
        guard (1...Self.senderCountMax).contains(count), min.isInRange, max.isInRange, min <= last,
            last <= max
        else { return false }
        let bounds = min.parts * Int128(count)...max.parts * Int128(count)
        guard bounds.contains(sum) else { return false }
        return sketch.map { $0.count == UInt64(count) } ?? true
    }
}

extension Int64 {
    /// For counts, which are never negative: the sum, or the largest number.
    @inline(__always)
    func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
