import Rollup
import TestSupport
import TimeSeries
import Testing

@Suite struct `Series merged across a group` {
    private static let minute = Timestamp(milliseconds: 60_000)

    /// Three series at minute 1, one of them also at minute 2.
    private static func batch() throws -> BucketBatch {
        let lasts: [[Int128]] = [[1, 9, 4], [20], [7, 8, 6]]
        var entries: [SeriesBucket] = []
        for (number, parts) in lasts.enumerated() {
            var table = BucketTable()
            for (place, parts) in parts.enumerated() {
                table.add(
                    Quantity(parts: parts), at: minute.advanced(byMilliseconds: Int64(place)),
                    to: SeriesID(UInt32(number)), kind: .gauge)
            }
            entries += table.batch().entries
        }
        let later = try #require(Bucket.of(100))
        let start = minute.advanced(byMilliseconds: 60_000)
        entries.append(SeriesBucket(series: SeriesID(1), start: start, bucket: later))
        return BucketBatch(merging: entries)
    }

    @Test(
        arguments: [
            (Across.sum, 30), (.max, 20), (.min, 4), (.avg, 10), (.merge, 6),
        ] as [(Across, Int128)])
    func `have this reading`(across: Across, last: Int128) throws {
        let combined = across.combined(try Self.batch())
        #expect(combined.map(\.start.milliseconds) == [60_000, 120_000])
        #expect(combined.map(\.bucket.last.parts) == [last, 100])
        // All else is that of all samples together.
        let bucket = combined[0].bucket
        #expect(bucket.count == 7 && bucket.sum == 55)
        #expect(bucket.min.parts == 1 && bucket.max.parts == 20)
        #expect(bucket.lastTime == Self.minute.advanced(byMilliseconds: 2))
        #expect(bucket.sketch?.count == 7)
    }

    @Test func `have the average of their readings half to even`() throws {
        for (parts, average) in [([1, 2], 2), ([2, 3], 2), ([-1, -2], -2), ([1, 1, 2], 1)]
            as [([Int128], Int128)]
        {
            let entries = try parts.enumerated().map { number, parts in
                SeriesBucket(
                    series: SeriesID(UInt32(number)), start: Self.minute,
                    bucket: try #require(Bucket.of(parts)))
            }
            let combined = Across.avg.combined(BucketBatch(merging: entries))
            #expect(combined.map(\.bucket.last.parts) == [average])
        }
    }

    @Test func `of a gauge add up, of others merge`() {
        #expect(Across.standard(for: .gauge) == .sum)
        #expect(Across.standard(for: .counter) == .merge)
        #expect(Across.standard(for: .distribution) == .merge)
    }

    @Test func `are none where there are none`() {
        #expect(Across.sum.combined(BucketBatch(merging: [])).isEmpty)
    }

    @Test(arguments: Across.allCases, seeds(5, long: 200))
    func `merge as one series would`(across: Across, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var naive = NaiveTable.random(&random)
        // All of one kind.
        naive.samples.removeAll { NaiveTable.kind($0.series) != .distribution }
        let combined = across.combined(BucketBatch(merging: naive.buckets(.threeMinutes)))
        naive.samples = naive.samples.map {
            NaiveTable.Sample(series: SeriesID(2), value: $0.value, time: $0.time)
        }
        let whole = naive.buckets(.threeMinutes)
        #expect(combined.map(\.start) == whole.map(\.start))
        for (one, other) in zip(combined, whole) {
            var bucket = one.bucket
            if across == .merge { #expect(bucket == other.bucket) }
            bucket.last = other.bucket.last
            #expect(bucket == other.bucket)
        }
    }
}
