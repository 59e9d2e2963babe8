import Rollup
import Storage
import Testing
import TestSupport
import TimeSeries

@Suite struct `Retention and rebuilding` {
    private let folder: ScratchFolder
    private let store: DerivedStore

    init() throws {
        folder = try ScratchFolder()
        store = try folder.store()
    }

    private static func time(_ minute: Int64) -> Timestamp {
        SampleFolds.start.advanced(byMilliseconds: minute * 60_000)
    }

    private static func range(_ from: Int64, _ to: Int64) throws -> TimeRange {
        try #require(TimeRange(from: time(from), to: time(to)))
    }

    /// Samples of series 0 at these minutes.
    private func commit(id: UInt64, _ minutes: [Int64]) async throws -> FlushOutcome {
        let samples = minutes.map { (UInt32(0), Self.time($0), 1 as Int64) }
        return try await store.writer.commit(try flush(id: id, Self.time(120), samples))
    }

    private func minutes(_ interval: Interval) async throws -> [Int64] {
        try await store.rows(interval).map {
            ($0.start.milliseconds - SampleFolds.start.milliseconds) / 60_000
        }
    }

    @Test(arguments: [false, true])
    func `raise a floor: older buckets go, later samples for them are counted`(
        settled: Bool
    ) async throws {
        _ = try await commit(id: 1, [-61, -60, 3, 4, 59, 60, 61, 70])
        if settled { try await store.writer.settle() }
        try await store.writer.raiseFloor(of: .threeMinutes, to: Self.time(61))
        #expect(try await minutes(.threeMinutes) == [60, 69])
        #expect(try await minutes(.oneMinute) == [-61, -60, 3, 4, 59, 60, 61, 70])
        #expect(try await commit(id: 2, [59, 59, 60, 3]).samplesBelowFloor == [.threeMinutes: 3])
        try await store.writer.settle()
        // Nor do they only seem to be gone.
        let counts = try await store.reader.snapshot { try $0.counts.settledBuckets }
        #expect(counts[.threeMinutes] == 2 && counts[.oneMinute] == 8)
        #expect(try await minutes(.threeMinutes) == [60, 69])
        #expect(try await store.rows(.threeMinutes)[0].bucket.count == 3)
        #expect(try await store.rows(.oneHour).map(\.bucket.count) == [1, 1, 6, 4])
    }

    @Test func `never lower a floor`() async throws {
        try await store.writer.raiseFloor(of: .oneHour, to: Self.time(200))
        try await store.writer.raiseFloor(of: .oneHour, to: Self.time(100))
        try await store.writer.raiseFloor(of: .fiveMinutes, to: Self.time(-7))
        #expect(
            try await store.reader.restore().floors
                == [.oneHour: Self.time(180), .fiveMinutes: Self.time(-10)])
    }

    @Test func `remember what the log no longer covers`() async throws {
        let ranges = [
            UncoveredRange(range: try Self.range(5, 9), reason: .corrupt),
            UncoveredRange(range: try Self.range(-5, 9), reason: .retention),
        ]
        try await store.writer.addUncovered(ranges)
        try await store.writer.addUncovered(ranges)
        #expect(try await store.reader.restore().uncovered == ranges.reversed())
        #expect(try await store.reader.snapshot { try $0.uncovered } == ranges.reversed())
    }

    @Test func `join ranges that touch, each reason by itself`() async throws {
        let bounds: [(Int64, Int64)] = [(0, 60), (120, 180), (300, 360), (60, 120), (90, 200)]
        for (from, to) in bounds {
            let range = UncoveredRange(range: try Self.range(from, to), reason: .retention)
            try await store.writer.addUncovered([range])
        }
        let corrupt = UncoveredRange(range: try Self.range(10, 320), reason: .corrupt)
        try await store.writer.addUncovered([corrupt])
        #expect(
            try await store.reader.restore().uncovered == [
                UncoveredRange(range: try Self.range(0, 200), reason: .retention), corrupt,
                UncoveredRange(range: try Self.range(300, 360), reason: .retention),
            ])
    }

    @Test func `make what was stored last, and say how far it goes`() async throws {
        #expect(try await store.writer.makeDurable() == nil)
        _ = try await commit(id: 1, [3])
        let checkpoint = try await store.writer.makeDurable()
        #expect(checkpoint?.lastID == EventID(1))
        #expect(try await store.reader.restore().checkpoint == checkpoint)
    }

    @Test func `copy a store as it is at one moment`() async throws {
        _ = try await commit(id: 1, [3, 80])
        let path = folder.path + "/copy.sqlite"
        try await store.reader.copy(to: path)
        _ = try await commit(id: 2, [4])
        let copy = try DerivedStore(path: path)
        #expect(try await copy.reader.restore().checkpoint?.lastID == EventID(1))
        #expect(try await copy.rows(.oneMinute).count == 2)
        try copy.close()
    }

    @Test func `replace the buckets of some series and hours, as often as one likes`()
        async throws
    {
        _ = try await commit(id: 1, [-1, 0, 59, 60])
        let other = try flush(id: 1, Self.time(0), [(0, Self.time(7), 5), (0, Self.time(8), 5)])
        for _ in 0..<2 {
            try await store.writer.replaceBuckets(
                of: [SeriesID(0), SeriesID(9)], in: try Self.range(0, 60), by: other.minutes)
            #expect(try await minutes(.oneMinute) == [-1, 7, 8, 60])
            #expect(try await minutes(.fifteenMinutes) == [-15, 0, 60])
            #expect(try await store.rows(.oneHour).map(\.bucket.count) == [1, 2, 1])
        }
        #expect(try await store.reader.restore().checkpoint?.lastID == EventID(1))
    }

    @Test func `rewind to an older place of the log and other rules`() async throws {
        var first = try flush(id: 1, Self.time(120), [(0, Self.time(-1), 1), (0, Self.time(5), 1)])
        let key = StateRow.Key(kind: "half", key: [1])
        first.state.written = [StateRow(key: key, value: [])]
        _ = try await store.writer.commit(first)
        _ = try await commit(id: 9, [70])
        let checkpoint = Checkpoint(
            logID: "log", lastID: EventID(4), time: Self.time(0), foldVersion: 2)
        try await store.writer.rewind(to: checkpoint, removing: [try Self.range(0, 60)])
        let stored = try await store.reader.restore()
        #expect(stored.checkpoint == checkpoint && stored.state.isEmpty)
        #expect(stored.series.count == 1)
        #expect(try await minutes(.oneMinute) == [-1, 70])
        #expect(await code { _ = try await commit(id: 5, [6]) } == .conflict)
    }

    @Test func `stop the process over hours that are not whole`() async {
        await #expect(processExitsWith: .failure) {
            let folder = try ScratchFolder()
            let store = try folder.store()
            let range = TimeRange(
                from: SampleFolds.start, to: SampleFolds.start.advanced(byMilliseconds: 60_000))
            guard let range else { return }
            try await store.writer.replaceBuckets(
                of: [], in: range, by: BucketBatch(merging: []))
        }
    }
}
