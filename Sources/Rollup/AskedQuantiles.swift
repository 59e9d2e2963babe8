public import TimeSeries

/// Quantiles that are asked of many buckets: read from the bytes of their sketches, all in one pass and
/// without a block of memory.
public struct AskedQuantiles: Sendable {
    fileprivate struct Asked {
        let quantile: Quantile
        /// Among those that are told.
        let place: Int
    }

    /// From the least on.
    fileprivate let asked: [Asked]
    private let scale: QuantityScale

    /// - Parameter quantiles: in the order in which they are to be told.
    public init(_ quantiles: [Quantile], scale: QuantityScale) {
        asked = quantiles.enumerated().map { Asked(quantile: $1, place: $0) }
            .sorted { $0.quantile < $1.quantile }
        self.scale = scale
    }

    public var count: Int { asked.count }

    /// Appends a quantity for each.
    /// - Parameters:
    ///   - blob: the bytes of a sketch.
    ///   - numbers: those of its bucket.
    /// - Returns: false where the sketch has no values; then nothing is appended.
    public func append(
        of blob: Span<UInt8>, _ numbers: BucketNumbers, to values: inout [Quantity]
    ) throws(SketchFault) -> Bool {
        let start = values.count
        for _ in asked { values.append(.zero) }
        var reader = try SketchReader(blob)
        var walk = RankWalk(self, numbers, valuesFrom: start)
        if walk.pass(reader.zeroCount) { walk.take(.zero, self, &values) }
        let resolution = reader.resolution
        try reader.readPositive(blob, leap: { walk.leap($0) }) { index, count in
            guard walk.pass(count) else { return }
            walk.take(SketchIndex.middle(of: index, resolution: resolution, scale), self, &values)
        }
        var hasNegative = false
        try reader.readNegative(blob) { _, _ in hasNegative = true }
        if !hasNegative, walk.isRight { return true }
        values.removeSubrange(start...)
        return try appendSlowly(of: blob, numbers, to: &values)
    }

    /// For what is rare: values below zero, which come last and are least, and counts that have stopped at
    /// their largest number.
    private func appendSlowly(
        of blob: Span<UInt8>, _ numbers: BucketNumbers, to values: inout [Quantity]
    ) throws(SketchFault) -> Bool {
        let sketch = try Sketch(blob: blob)
        guard !sketch.isEmpty else { return false }
        let start = values.count
        for _ in asked { values.append(.zero) }
        for one in asked {
            let value = sketch.quantile(
                one.quantile, min: numbers.min, max: numbers.max, scale: scale)
            values[start + one.place] = value ?? .zero
        }
        return true
    }
}

/// Goes past the values of a sketch from the least on, and notes those that have an asked rank.
private struct RankWalk {
    private let numbers: BucketNumbers
    private let start: Int
    private let count: UInt64
    private var met: UInt64 = 0
    private var next = 0
    /// Of the next one that is asked for.
    private var rank: UInt64

    /// - Parameter numbers: tell the count that the sketch is expected to have.
    @inline(__always)
    init(_ quantiles: AskedQuantiles, _ numbers: BucketNumbers, valuesFrom start: Int) {
        self.numbers = numbers
        self.start = start
        count = UInt64(clamping: numbers.count)
        rank = quantiles.asked.first?.quantile.rank(of: count) ?? .max
    }

    /// Whether the sketch had as many values as was expected.
    var isRight: Bool { met == count && count < .max }

    /// Goes past several values, where the next rank is not among them.
    @inline(__always)
    mutating func leap(_ values: UInt64) -> Bool {
        guard met.addingSaturating(values) < rank else { return false }
        met = met.addingSaturating(values)
        return true
    }

    /// - Returns: whether the next rank is among these values.
    @inline(__always)
    mutating func pass(_ values: UInt64) -> Bool {
        met = met.addingSaturating(values)
        return met >= rank
    }

    @inline(__always)
    mutating func take(
        _ value: Quantity, _ quantiles: AskedQuantiles, _ values: inout [Quantity]
    ) {
        let value = max(numbers.min, min(numbers.max, value))
        while met >= rank, next < quantiles.asked.count {
            values[start + quantiles.asked[next].place] = value
            next += 1
            rank =
                next < quantiles.asked.count
                ? quantiles.asked[next].quantile.rank(of: count) : .max
        }
    }
}
