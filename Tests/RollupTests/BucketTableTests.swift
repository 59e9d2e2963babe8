import Rollup
import TestSupport
import TimeSeries
import Testing

/// All samples, put into buckets by the definition.
struct NaiveTable {
    struct Sample {
        let series: SeriesID
        let value: Quantity
        let time: Timestamp
    }

    var samples: [Sample] = []

    static func kind(_ series: SeriesID) -> MetricKind {
        MetricKind.allCases[Int(series.value) % 3]
    }

    func buckets(_ interval: Interval, floor: Timestamp? = nil) -> [SeriesBucket] {
        var places: [[Int64]: NaiveBucket] = [:]
        for sample in samples {
            let start = interval.bucketStart(of: sample.time)
            guard floor.map({ start >= $0 }) ?? true else { continue }
            places[[Int64(sample.series.value), start.milliseconds], default: NaiveBucket()]
                .samples.append((sample.value, sample.time))
        }
        return places.sorted { $0.key.lexicographicallyPrecedes($1.key) }.compactMap { key, naive in
            let series = SeriesID(UInt32(key[0]))
            return naive.bucket(Self.kind(series)).map {
                SeriesBucket(series: series, start: Timestamp(milliseconds: key[1]), bucket: $0)
            }
        }
    }
}

extension NaiveTable {
    /// Samples of a few series: mostly of the newest minute, some late, some early, some before 1970.
    static func random(_ random: inout SplitMix64) -> NaiveTable {
        var table = NaiveTable()
        var now = random.pick([0, 1_700_000_000_000, -1_700_000_123_456] as [Int64])
        let values = random.pick(Samples.allCases).quantities(600, &random)
        for value in values {
            now += Int64(random.pick(0...1_500))
            let offset = random.isOnce(in: 4) ? random.pick([-60_000, -7_200_000, 60_000]) : 0
            let time = Timestamp(milliseconds: now + Int64(offset))
            let series = SeriesID(UInt32(random.pick([0, 1, 2, 7, 90])))
            table.samples.append(Sample(series: series, value: value, time: time))
        }
        return table
    }

    /// The same samples, some of them put into buckets of a few on the way.
    func fill(_ table: inout BucketTable, _ random: inout SplitMix64) {
        for sample in samples.shuffled(using: &random) {
            let kind = Self.kind(sample.series)
            if random.isOnce(in: 3) {
                let bucket = Bucket(sample.value, at: sample.time, kind: kind)
                table.merge(bucket, at: sample.time, into: sample.series)
            } else {
                table.add(sample.value, at: sample.time, to: sample.series, kind: kind)
            }
        }
    }
}

@Suite struct `A table of buckets` {
    @Test(arguments: seeds(20, long: 1_000))
    func `has what its samples say, in any order`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let naive = NaiveTable.random(&random)
        var table = BucketTable()
        naive.fill(&table, &random)
        let expected = naive.buckets(.oneMinute)
        #expect(table.batch().entries == expected)
        #expect(table.count == expected.count && !table.isEmpty)
    }

    @Test(arguments: Interval.allCases, seeds(10, long: 500))
    func `is the same in every interval, but for what lies below its floor`(
        interval: Interval, seed: UInt64
    ) {
        var random = SplitMix64(seed: seed)
        let naive = NaiveTable.random(&random)
        var table = BucketTable()
        naive.fill(&table, &random)
        let batch = table.batch()
        let all = batch.expanded(to: interval)
        #expect(all.batch.entries == naive.buckets(interval))
        #expect(all.samplesBelowFloor == 0)
        let floor = random.pick(all.batch.entries).start
        let some = batch.expanded(to: interval, floor: floor)
        let expected = naive.buckets(interval, floor: floor)
        #expect(some.batch.entries == expected)
        let kept = expected.reduce(0) { $0 + $1.bucket.count }
        #expect(some.samplesBelowFloor == Int64(naive.samples.count) - kept)
    }

    @Test(arguments: [0, 1, 7, 1_000], seeds(10, long: 500))
    func `comes in stretches that leave nothing out and part no series`(
        bucketCount: Int, seed: UInt64
    ) {
        var random = SplitMix64(seed: seed)
        var table = BucketTable()
        NaiveTable.random(&random).fill(&table, &random)
        let batch = table.batch()
        var (entries, series): ([SeriesBucket], [SeriesID]) = ([], [])
        batch.forEachStretch(of: bucketCount) { stretch in
            entries += stretch.entries
            series += Set(stretch.entries.map(\.series))
        }
        #expect(entries == batch.entries)
        #expect(series.count == Set(series).count)
    }

    @Test(arguments: seeds(10, long: 500))
    func `is the same in whatever batches it is taken out`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let naive = NaiveTable.random(&random)
        var table = BucketTable()
        var taken: [SeriesBucket] = []
        for sample in naive.samples {
            let kind = NaiveTable.kind(sample.series)
            table.add(sample.value, at: sample.time, to: sample.series, kind: kind)
            guard random.isOnce(in: 50) else { continue }
            taken += table.take().batch().entries
            #expect(table.isEmpty && table.batch().entries.isEmpty)
        }
        taken += table.batch().entries
        let merged = BucketBatch(merging: taken.shuffled(using: &random))
        #expect(merged.entries == naive.buckets(.oneMinute))
        // Intervals may be merged at any time, too.
        let hours = BucketBatch(merging: taken).expanded(to: .oneHour).batch
        let parts = taken.flatMap {
            BucketBatch(merging: [$0]).expanded(to: .fiveMinutes).batch
                .expanded(to: .oneHour).batch.entries
        }
        #expect(BucketBatch(merging: parts) == hours)
    }

    @Test(arguments: seeds(10, long: 500))
    func `gives out the buckets of some series and a stretch of time`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let naive = NaiveTable.random(&random)
        var table = BucketTable()
        naive.fill(&table, &random)
        let starts = naive.buckets(.oneMinute).map(\.start)
        let (from, to) = (random.pick(starts), random.pick(starts))
        guard let range = TimeRange(from: min(from, to), to: max(from, to)) else { return }
        let series = Set([0, 7, 8].map { SeriesID($0) })
        let expected = naive.buckets(.oneMinute).filter {
            series.contains($0.series) && range.contains($0.start)
        }
        #expect(table.batch(of: series, in: range).entries == expected)
    }

    @Test func `keeps what was taken out as it was`() {
        var table = BucketTable()
        let (series, time) = (SeriesID(3), Timestamp(milliseconds: 60_000))
        table.add(Quantity(parts: 1), at: time, to: series, kind: .gauge)
        let taken = table.take()
        let before = taken.batch()
        table.add(Quantity(parts: 2), at: time, to: series, kind: .gauge)
        #expect(taken.batch() == before)
        #expect(table.batch().entries.map(\.bucket.sum) == [2])
    }

    @Test func `takes every moment of the calendar`() {
        var table = BucketTable()
        let (first, last) = (
            Timestamp.representable.lowerBound, Timestamp.representable.upperBound
        )
        for time in [first, last, first, last] {
            table.add(Quantity(parts: 1), at: time, to: SeriesID(0), kind: .counter)
        }
        #expect(table.batch().entries.map(\.bucket.count) == [2, 2])
    }
}
