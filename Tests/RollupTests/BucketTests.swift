import Rollup
import TestSupport
import TimeSeries
import Testing

/// A bucket by the definition of its fields, from all its samples at once.
struct NaiveBucket {
    var samples: [(value: Quantity, time: Timestamp)] = []

    func bucket(_ kind: MetricKind) -> Bucket? {
        let values = samples.map(\.value)
        guard let min = values.min(), let max = values.max(),
            let last = samples.max(by: { ($0.time, $0.value) < ($1.time, $1.value) })
        else { return nil }
        return Bucket(
            count: Int64(values.count), sum: values.reduce(0) { $0 + $1.parts }, min: min,
            max: max, last: last.value, lastTime: last.time,
            sketch: kind == .counter ? nil : Sketch(of: values))
    }
}

@Suite struct `A bucket` {
    private static func samples(
        _ random: inout SplitMix64
    ) -> [(value: Quantity, time: Timestamp)] {
        let values = random.pick(Samples.allCases).quantities(random.pick(1...60), &random)
        // Few moments, so that many samples have the same.
        return values.map { ($0, Timestamp(milliseconds: Int64(random.pick(-3...3)))) }
    }

    @Test(arguments: MetricKind.allCases, seeds(20, long: 1_000))
    func `is what its samples say, in any order and split`(
        kind: MetricKind, seed: UInt64
    ) throws {
        var random = SplitMix64(seed: seed)
        let samples = Self.samples(&random)
        let expected = try #require(NaiveBucket(samples: samples).bucket(kind))
        var parts: [Bucket] = []
        for (value, time) in samples.shuffled(using: &random) {
            if parts.isEmpty || random.isOnce(in: 4) {
                parts.append(Bucket(value, at: time, kind: kind))
            } else {
                parts[random.pick(parts.indices)].add(value, at: time)
            }
        }
        while parts.count > 1 {
            let part = parts.remove(at: random.pick(parts.indices))
            parts[random.pick(parts.indices)].merge(part)
        }
        #expect(parts[0] == expected)
        #expect(expected.isConsistent)
    }

    @Test(arguments: seeds(20, long: 1_000))
    func `merges alike from either side, and in any grouping`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let buckets = try (0..<3).map { _ in
            let kind = random.pick(MetricKind.allCases)
            return try #require(NaiveBucket(samples: Self.samples(&random)).bucket(kind))
        }
        #expect(buckets[0] + buckets[1] == buckets[1] + buckets[0])
        #expect(
            (buckets[0] + buckets[1]) + buckets[2] == buckets[0] + (buckets[1] + buckets[2]))
    }

    @Test func `has as its last the greatest of the latest moment`() {
        let (early, late) = (Timestamp(milliseconds: 1), Timestamp(milliseconds: 2))
        var bucket = Bucket(Quantity(parts: 9), at: early, kind: .gauge)
        bucket.add(Quantity(parts: 3), at: late)
        bucket.add(Quantity(parts: 5), at: late)
        bucket.add(Quantity(parts: 4), at: late)
        bucket.add(Quantity(parts: 99), at: early)
        #expect(bucket.last == Quantity(parts: 5) && bucket.lastTime == late)
    }

    @Test func `has no quantiles where a part of it has none`() {
        let time = Timestamp(milliseconds: 0)
        let counted = Bucket(Quantity(parts: 1), at: time, kind: .counter)
        let spread = Bucket(Quantity(parts: 1), at: time, kind: .distribution)
        #expect(counted.sketch == nil && spread.sketch != nil)
        #expect((counted + spread).sketch == nil && (spread + counted).sketch == nil)
        #expect((counted + spread).quantile(.p50) == nil)
    }

    @Test func `of a finer scale has its quantiles in that scale`() throws {
        let value = try Quantity(decimal: "0.000000150", scale: .billionths)
        let time = Timestamp(milliseconds: 0)
        var bucket = Bucket(value, at: time, kind: .distribution, scale: .billionths)
        bucket.add(Quantity(parts: 150_000), at: time, scale: .billionths)
        #expect(bucket.quantile(.p50, scale: .billionths)?.parts == 150)
    }

    @Test func `keeps sums that 64 bits can not hold`() {
        let time = Timestamp(milliseconds: 0)
        let largest = Quantity(parts: Quantity.magnitudeMax)
        var bucket = Bucket(largest, at: time, kind: .counter)
        for _ in 1..<1_000 { bucket.add(largest, at: time) }
        #expect(bucket.sum == Quantity.magnitudeMax * 1_000)
        #expect(bucket.average == largest)
        bucket.add(Quantity(parts: 1), at: time)
        #expect(bucket.sum == Quantity.magnitudeMax * 1_000 + 1)
    }
}

extension Bucket {
    static func + (left: Bucket, right: Bucket) -> Bucket {
        var sum = left
        sum.merge(right)
        return sum
    }

    static func of(_ parts: Int128..., kind: MetricKind = .gauge) -> Bucket? {
        let time = Timestamp(milliseconds: 0)
        return NaiveBucket(samples: parts.map { (Quantity(parts: $0), time) }).bucket(kind)
    }
}

@Suite struct `A bucket made elsewhere` {
    private static func changed(_ change: (inout Bucket) -> Void) throws -> Bucket {
        var bucket = try #require(Bucket.of(10, 20, 60))
        change(&bucket)
        return bucket
    }

    @Test func `can be true`() throws {
        #expect(try Self.changed { _ in }.isConsistent)
        #expect(try Self.changed { $0.sketch = nil }.isConsistent)
        #expect(try Self.changed { $0.sum = 180 }.isConsistent)
    }

    @Test(
        arguments: [
            { $0.count = 0 }, { $0.count = -1 }, { $0.count = 4 }, { $0.count = 1_000_000_001 },
            { $0.count = .max }, { $0.sum = 181 }, { $0.sum = 29 }, { $0.sum = .max },
            { $0.min = Quantity(parts: 61) }, { $0.max = Quantity(parts: 9) },
            { $0.last = Quantity(parts: 61) }, { $0.last = Quantity(parts: 9) },
            { $0.min = Quantity(parts: .min) },
            { $0.max = Quantity(parts: Quantity.magnitudeMax + 1) },
            { $0.sketch = Sketch() }, { $0.sketch?.add(.zero) },
        ] as [@Sendable (inout Bucket) -> Void])
    func `can not be true`(change: @Sendable (inout Bucket) -> Void) throws {
        #expect(try !Self.changed(change).isConsistent)
    }

    @Test func `of no samples is no trap`() throws {
        let bucket = try Self.changed { $0.count = 0 }
        #expect(bucket.average.parts == 90)
    }
}

@Suite struct `A bucket's numbers` {
    @Test(
        arguments: [
            ([10, 20, 61], 30), ([1, 2], 2), ([2, 3], 2), ([-1, -2], -2), ([-2, -3], -2),
            ([1, 1, 2], 1),
            ([5, 6, 6], 6), ([0], 0),
        ] as [([Int128], Int128)])
    func `have the average half to even`(parts: [Int128], average: Int128) throws {
        let time = Timestamp(milliseconds: 0)
        let samples = parts.map { (value: Quantity(parts: $0), time: time) }
        let bucket = try #require(NaiveBucket(samples: samples).bucket(.gauge))
        #expect(bucket.average.parts == average)
    }

    @Test func `have the rate of their kind`() throws {
        let bucket = try #require(Bucket.of(30_000_000, 90_000_000, 30_000_001))
        #expect(bucket.rate(.oneMinute, kind: .counter).parts == 2_500_000)
        #expect(bucket.rate(.oneMinute, kind: .gauge).parts == 50_000)
        #expect(bucket.rate(.oneMinute, kind: .distribution).decimal() == "0.05")
        #expect(bucket.rate(.oneHour, kind: .counter).decimal() == "0.041667")
        let finer = bucket.rate(.oneHour, kind: .distribution, scale: .billionths)
        #expect(finer.decimal(scale: .billionths) == "0.000833333")
    }
}
