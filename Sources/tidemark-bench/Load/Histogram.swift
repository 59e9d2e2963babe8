/// Times in nanoseconds in buckets that grow with the value, so that each percentile is known
/// within 1/256 of itself and a hundred million times take no more room than one.
struct Histogram: Sendable {
    // Values up to 255 have a bucket each; from there on each power of two is cut into 128.
    private static let linearBits = 7
    private static let bucketCount = (64 - linearBits) * 128 + 128

    private var counts = [UInt64](repeating: 0, count: bucketCount)
    private(set) var total: UInt64 = 0
    private(set) var max: UInt64 = 0

    mutating func record(_ value: UInt64) {
        counts[Self.bucket(of: value)] += 1
        total += 1
        max = Swift.max(max, value)
    }

    /// The value that the share `quantile` of all values does not exceed.
    func value(at quantile: Double) -> UInt64 {
        let rank = Swift.max(1, UInt64((quantile * Double(total)).rounded(.up)))
        var seen: UInt64 = 0
        for (bucket, count) in counts.enumerated() {
            seen += count
            if seen >= rank { return Swift.min(Self.middle(of: bucket), max) }
        }
        return max
    }

    private static func bucket(of value: UInt64) -> Int {
        let shift = Swift.max(0, 63 - linearBits - (value | 1).leadingZeroBitCount)
        return shift << linearBits + Int(value >> UInt64(shift))
    }

    private static func middle(of bucket: Int) -> UInt64 {
        let shift = Swift.max(0, bucket >> linearBits - 1)
        let start = UInt64(bucket - shift << linearBits) << UInt64(shift)
        return start + (1 << UInt64(shift)) / 2
    }
}
