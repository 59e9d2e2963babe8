public import TimeSeries

/// What is kept of the samples of one series within one stretch of time; at least one sample.
///
/// Buckets merge: any split of the same samples, in any order, makes the same bucket.
public struct Bucket: Equatable, Sendable {
    public var count: Int64
    /// In parts. Exact up to 1.7 × 10³⁸ of them, which takes 10¹² samples of the largest magnitude.
    public var sum: Int128
    public var min: Quantity
    public var max: Quantity
    /// The greatest (time, value).
    public var last: Quantity
    public var lastTime: Timestamp
    /// Gauges and distributions have one, counters do not.
    public var sketch: Sketch?

    /// As stored, or as made elsewhere: `isConsistent` tells whether it can be true.
    public init(
        count: Int64, sum: Int128, min: Quantity, max: Quantity, last: Quantity,
        lastTime: Timestamp, sketch: Sketch?
    ) {
        self.count = count
        self.sum = sum
        self.min = min
        self.max = max
        self.last = last
        self.lastTime = lastTime
        self.sketch = sketch
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

// MARK: Adding

extension Bucket {
    @inline(__always)
    public mutating func add(
        _ value: Quantity, at time: Timestamp, scale: QuantityScale = .millionths
    ) {
        count = count.addingSaturating(1)
        sum &+= value.parts
        if value < min { min = value }
        if value > max { max = value }
        takeLast(value, time)
        sketch?.add(value, scale: scale)
    }

    /// A bucket without a sketch makes one without: half the values have no quantiles.
    public mutating func merge(_ other: Bucket) {
        count = count.addingSaturating(other.count)
        sum &+= other.sum
        if other.min < min { min = other.min }
        if other.max > max { max = other.max }
        takeLast(other.last, other.lastTime)
        if let others = other.sketch { sketch?.merge(others) } else { sketch = nil }
    }

    @inline(__always)
    private mutating func takeLast(_ value: Quantity, _ time: Timestamp) {
        guard time > lastTime || time == lastTime && value > last else { return }
        last = value
        lastTime = time
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
