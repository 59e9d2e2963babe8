public import TimeSeries

/// A bucket but for its sketch: plain numbers, of which thousands are copied at no cost.
public struct BucketNumbers: Equatable, Sendable {
    public var count: Int64
    public var lastTime: Timestamp
    /// In parts. Exact up to 1.7 × 10³⁸ of them, which takes 10¹² samples of the largest magnitude.
    public var sum: Int128
    public var min: Quantity
    public var max: Quantity
    /// The greatest (time, value).
    public var last: Quantity

    @inlinable
    public init(
        count: Int64, sum: Int128, min: Quantity, max: Quantity, last: Quantity,
        lastTime: Timestamp
    ) {
        self.count = count
        self.lastTime = lastTime
        self.sum = sum
        self.min = min
        self.max = max
        self.last = last
    }
}

// MARK: Adding

extension BucketNumbers {
    @inline(__always)
    mutating func add(_ value: Quantity, at time: Timestamp) {
        count = count.addingSaturating(1)
        sum &+= value.parts
        if value < min { min = value }
        if value > max { max = value }
        takeLast(value, time)
    }

    @inline(__always)
    mutating func merge(_ other: BucketNumbers) {
        count = count.addingSaturating(other.count)
        sum &+= other.sum
        if other.min < min { min = other.min }
        if other.max > max { max = other.max }
        takeLast(other.last, other.lastTime)
    }

    @inline(__always)
    private mutating func takeLast(_ value: Quantity, _ time: Timestamp) {
        guard time > lastTime || time == lastTime && value > last else { return }
        last = value
        lastTime = time
    }
}

// MARK: Reading

/// Whole parts, rounded half to even.
extension BucketNumbers {
    /// The sum by the count.
    public var average: Quantity { Quantity(parts: sum.divided(by: Int128(Swift.max(1, count)))) }

    /// Per second of the interval: of counters the sum, of others how many samples there were.
    ///
    /// A bucket whose time is not over yet is divided by its whole interval too.
    public func rate(
        _ interval: Interval, kind: MetricKind, scale: QuantityScale = .millionths
    ) -> Quantity {
        let parts = kind == .counter ? sum : Int128(count) * Int128(scale.partsPerUnit)
        return Quantity(parts: parts.divided(by: Int128(interval.milliseconds / 1_000)))
    }
}

extension Int128 {
    /// Rounded half to even.
    /// - Parameter divisor: positive.
    func divided(by divisor: Int128) -> Int128 {
        // Nearly all numbers: a division of 64 bits is some ten times as fast as one of 128.
        if let small = UInt64(exactly: magnitude), let divisor = UInt64(exactly: divisor) {
            let quotient = small.dividedToEven(by: divisor)
            return self < 0 ? -Int128(quotient) : Int128(quotient)
        }
        let quotient = magnitude.dividedToEven(by: divisor.magnitude)
        let rounded = Int128(truncatingIfNeeded: quotient)
        return self < 0 ? 0 &- rounded : rounded
    }
}

extension UnsignedInteger where Self: FixedWidthInteger {
    @inline(__always)
    fileprivate func dividedToEven(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        let rest = divisor - remainder
        let roundsUp = remainder > rest || remainder == rest && quotient & 1 == 1
        return roundsUp ? quotient + 1 : quotient
    }
}
