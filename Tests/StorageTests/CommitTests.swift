import GRDB
import Rollup
import Storage
import Testing
import TestSupport
import TimeSeries

@Suite struct `A flush` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `is stored once: the checkpoint must be behind the stored one`() async throws {
        let store = try folder.store()
        var folds = SampleFolds(seed: 1)
        var flushes: [Flush] = []
        for _ in 0..<3 {
            flushes.append(folds.flush(samples: 20))
            _ = try await store.writer.commit(flushes[flushes.count - 1])
        }
        let before = try await store.rows(.oneMinute)
        for flush in flushes {
            #expect(await code { _ = try await store.writer.commit(flush) } == .conflict)
        }
        #expect(try await store.rows(.oneMinute) == before)
        #expect(try await store.reader.restore().checkpoint == flushes.last?.checkpoint)
    }

    @Test(arguments: [("log", 2 as Int64), ("other", 1)])
    func `of another log or of other rules is refused`(log: String, version: Int64) async throws {
        let store = try folder.store()
        var folds = SampleFolds(seed: 2)
        _ = try await store.writer.commit(folds.flush(samples: 5))
        let checkpoint = Checkpoint(
            logID: log, lastID: EventID(1_000), time: folds.now, foldVersion: version)
        let flush = Flush(checkpoint: checkpoint)
        #expect(await code { _ = try await store.writer.commit(flush) } == .conflict)
    }

    @Test func `that breaks off at its last statement leaves nothing behind`() async throws {
        let store = try folder.store()
        var folds = SampleFolds(seed: 3)
        for _ in 0..<4 { _ = try await store.writer.commit(folds.flush(samples: 40)) }
        let (before, rows) = (try await store.reader.restore(), try await store.rows(.oneHour))
        try folder.execute(
            """
            CREATE TRIGGER crash BEFORE UPDATE ON checkpoint
            BEGIN SELECT RAISE(ABORT, 'crash'); END
            """)
        let flush = folds.flush(samples: 40, withState: true)
        #expect(await code { _ = try await store.writer.commit(flush) } == .conflict)
        #expect(try await store.reader.restore() == before)
        #expect(try await store.rows(.oneHour) == rows)
        try folder.execute("DROP TRIGGER crash")
        _ = try await store.writer.commit(flush)
        #expect(try await store.reader.restore().series == folds.series.rows)
    }

    @Test func `does not change the kind or scale of a metric`() async throws {
        let store = try folder.store()
        var folds = SampleFolds(seed: 4)
        func commit(_ metric: MetricRow) async throws {
            var flush = Flush(checkpoint: folds.checkpoint())
            flush.metrics = [metric]
            _ = try await store.writer.commit(flush)
        }
        let id = EventID(7)
        let first = MetricRow(name: "m", kind: .gauge, firstSeenAt: id)
        let other = MetricRow(
            name: "m", kind: .gauge, unit: "ms", tagKeys: ["a\"b", "é", ""], help: "It's ours.",
            firstSeenAt: EventID(9))
        try await commit(first)
        try await commit(other)
        #expect(
            await code { try await commit(MetricRow(name: "m", kind: .counter, firstSeenAt: id)) }
                == .conflict)
        #expect(
            await code {
                try await commit(
                    MetricRow(name: "m", kind: .gauge, scale: .billionths, firstSeenAt: id))
            } == .conflict)
        let stored = try await store.reader.restore().metrics
        #expect(
            stored == [
                MetricRow(
                    name: "m", kind: .gauge, unit: "ms", tagKeys: ["a\"b", "é", ""],
                    help: "It's ours.", firstSeenAt: id)
            ])
    }

    @Test func `that touches a series nobody has stored is refused`() async throws {
        let store = try folder.store()
        var folds = SampleFolds(seed: 5)
        _ = folds.flush(samples: 5)
        let (minutes, series) = (folds.flush(samples: 5), folds.flush(samples: 5))
        var (flush, totals) = (minutes, series)
        flush.series = nil
        totals.minutes = BucketBatch(merging: [])
        for flush in [flush, totals] {
            #expect(await code { _ = try await store.writer.commit(flush) } == .conflict)
        }
        #expect(try await store.reader.restore() == StoredFolds())
    }

    @Test func `with an id beyond SQLite's integers is refused`() async throws {
        let store = try folder.store()
        for (id, expected) in [(UInt64(1) << 63 - 1, nil), (1 << 63, StorageError.Code.conflict)] {
            let checkpoint = Checkpoint(
                logID: "log", lastID: EventID(id), time: SampleFolds.start, foldVersion: 1)
            #expect(
                await code { _ = try await store.writer.commit(Flush(checkpoint: checkpoint)) }
                    == expected)
        }
    }

    @Test func `settles when rows are many, and when the last time was long ago`() async throws {
        var limits = DerivedStore.Limits()
        limits.recentRowsMax = 3
        limits.settleMilliseconds = 1_000_000
        let store = try folder.store(limits)
        var settled: [Bool] = []
        for second: Int64 in [0, 1, 2, 3, 900, 1_003, 1_004, 2_100] {
            let time = SampleFolds.start.advanced(byMilliseconds: second * 1_000)
            let flush = try flush(id: UInt64(second + 1), time, [(0, time, 1)])
            settled.append(try await store.writer.commit(flush).hasSettled)
        }
        #expect(settled == [false, false, false, false, false, true, false, true])
        let many = (1...4).map { (minute: Int64) in
            (UInt32(0), SampleFolds.start.advanced(byMilliseconds: minute * 60_000), 1 as Int64)
        }
        let flush = try flush(id: 9_999, SampleFolds.start, many)
        #expect(try await store.writer.commit(flush).hasSettled)
        let counts = try await store.reader.snapshot { try $0.counts }
        #expect(counts.recentMinutes == 0 && counts.settledBuckets[.oneHour] == 1)
    }
}

/// A flush of counters: (series, time, value), series being numbered in the order in which they come.
func flush(
    id: UInt64, _ now: Timestamp, _ samples: [(UInt32, Timestamp, Int64)]
) throws -> Flush {
    var flush = Flush(
        checkpoint: Checkpoint(logID: "log", lastID: EventID(id), time: now, foldVersion: 1))
    var table = BucketTable()
    var series = SeriesTable()
    for (number, time, value) in samples {
        let key = SeriesKey(metric: "calls", tags: [.init("n", "\(number)")]).canonical
        let quantity = try Quantity(units: value)
        let place = try series.observe(
            key.span, kind: .counter, sum: quantity.parts, at: EventID(id), now: now)
        table.add(quantity, at: time, to: place, kind: .counter)
    }
    flush.minutes = table.batch()
    // Each flush of a test is one of a new table: only the first adds series.
    if id == 1 { flush.series = series.takeChanges() }
    return flush
}
