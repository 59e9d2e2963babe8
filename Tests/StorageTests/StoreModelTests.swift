import Rollup
import Storage
import Testing
import TestSupport
import TimeSeries

/// A store against dictionaries.
@Suite struct `A store` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test(.serialized, arguments: seeds(6, long: 300))
    func `holds what all flushes amount to, in every interval, also when it is opened again`(
        seed: UInt64
    ) async throws {
        var model = StoreModel(seed: seed, folder)
        for _ in 0..<25 { try await model.step() }
        try await model.check()
    }
}

private struct StoreModel {
    private let folder: ScratchFolder
    private var folds: SampleFolds
    private var naive = NaiveStore()
    private var limits = DerivedStore.Limits()
    private var store: DerivedStore?

    init(seed: UInt64, _ folder: ScratchFolder) {
        self.folder = folder
        folds = SampleFolds(seed: seed)
        limits.recentRowsMax = folds.random.pick([0, 5, 60, 8_192])
        limits.settleMilliseconds = folds.random.pick([60_000, 600_000])
    }

    private mutating func open() throws -> DerivedStore {
        let store = try store ?? folder.store(limits)
        self.store = store
        return store
    }

    mutating func step() async throws {
        switch folds.random.next() % 16 {
        case 0: try await reopen()
        case 1: try await raiseFloor()
        case 2: try await replace()
        case 3: try await open().writer.settle()
        case 4: _ = try await open().tidy()
        case 5: try await checkPages()
        default: try await flush()
        }
    }

    private mutating func flush() async throws {
        let flush = folds.flush(samples: Int(folds.random.next() % 60), withState: true)
        let outcome = try await open().writer.commit(flush)
        #expect(outcome.samplesBelowFloor == naive.add(flush))
    }

    private mutating func reopen() async throws {
        try await check()
        if folds.random.isOnce(in: 2) { try store?.close() }
        store = nil
    }

    private mutating func raiseFloor() async throws {
        let interval = folds.random.pick(Interval.allCases)
        let back = Int64.random(in: -60_000...3_000_000, using: &folds.random)
        let floor = interval.bucketStart(of: folds.now.advanced(byMilliseconds: -back))
        try await open().writer.raiseFloor(of: interval, to: floor)
        naive.raiseFloor(of: interval, to: floor)
    }

    private mutating func replace() async throws {
        let hour = Interval.oneHour.bucketStart(of: folds.now)
        let range = try #require(
            TimeRange(from: hour.advanced(byMilliseconds: -3_600_000), to: hour))
        let series = (0..<folds.series.count).map { SeriesID(UInt32($0)) }
            .filter { _ in folds.random.isOnce(in: 2) }
        var other = folds
        let minutes = BucketBatch(
            merging: other.flush(samples: 30).minutes.entries.filter {
                series.contains($0.series) && range.contains($0.start)
            })
        try await open().writer.replaceBuckets(of: series, in: range, by: minutes)
        naive.remove(series, range)
        naive.add(minutes)
    }

    /// Reads a random query page by page.
    private mutating func checkPages() async throws {
        let interval = folds.random.pick(Interval.allCases)
        let series = (0..<10).map { SeriesID($0) }.filter { _ in !folds.random.isOnce(in: 3) }
        let from = folds.now.advanced(
            byMilliseconds: -Int64.random(in: 0...4_000_000, using: &folds.random))
        let range = try #require(
            TimeRange(from: from, to: from.advanced(byMilliseconds: 2_000_000)))
        var query = BucketQuery(
            series: series.shuffled(using: &folds.random), interval: interval, range: range,
            bucketsMax: folds.random.pick([1, 3, 1_000]))
        query.withSketches = folds.random.isOnce(in: 2)
        var found: [SeriesBucket] = []
        repeat {
            let page = try await open().reader.buckets(query)
            #expect(page.lastID == naive.checkpoint?.lastID ?? .none)
            #expect(page.packed.entries.count <= query.bucketsMax)
            found += try page.buckets()
            query.after = page.next
        } while query.after != nil
        var expected = naive.rows(interval)
            .filter { range.contains($0.start) && series.contains($0.series) }
        if !query.withSketches {
            for place in expected.indices { expected[place].bucket.sketch = nil }
        }
        #expect(found == expected)
    }

    mutating func check() async throws {
        let store = try open()
        for interval in Interval.allCases {
            #expect(try await store.rows(interval) == naive.rows(interval), "\(interval)")
        }
        let stored = try await store.reader.restore()
        #expect(stored.checkpoint == naive.checkpoint)
        #expect(stored.floors == naive.floors)
        #expect(stored.state == naive.stateRows)
        #expect(stored.series == folds.series.rows)
    }
}
