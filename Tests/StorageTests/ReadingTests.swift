import Dispatch
import Rollup
import Storage
import Testing
import TestSupport
import TimeSeries

@Suite struct `A read` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `beside a writer sees whole flushes only`() async throws {
        var limits = DerivedStore.Limits()
        limits.recentRowsMax = 4
        let store = try folder.store(limits)
        let last: UInt64 = 30
        // Each flush adds 1 to each of three series.
        let start = SampleFolds.start
        let flushes = try (1...last).map { id in
            let time = start.advanced(byMilliseconds: Int64(id) * 20_000)
            return try flush(id: id, time, [(0, time, 1), (1, time, 1), (2, time, 1)])
        }
        try await withThrowingTaskGroup { group in
            group.addTask {
                for flush in flushes {
                    _ = try await store.writer.commit(flush)
                    _ = try await store.tidy()
                }
            }
            for interval in Interval.allCases {
                group.addTask { try await Self.readUntil(last, store, interval) }
            }
            try await group.waitForAll()
        }
    }

    private static func readUntil(
        _ last: UInt64, _ store: DerivedStore, _ interval: Interval
    ) async throws {
        let start = SampleFolds.start
        let range = try #require(
            TimeRange(from: start, to: start.advanced(byMilliseconds: 10_000_000)))
        let query = BucketQuery(
            series: (0..<3).map { SeriesID($0) }, interval: interval, range: range,
            bucketsMax: 10_000)
        var seen: UInt64 = 0
        while seen < last {
            let page = try await store.reader.buckets(query)
            #expect(page.lastID.value >= seen)
            seen = page.lastID.value
            var counts: [SeriesID: Int64] = [:]
            for bucket in try page.buckets() {
                counts[bucket.series, default: 0] += bucket.bucket.count
            }
            #expect(counts.values.allSatisfy { $0 == Int64(seen) }, "\(counts) at \(seen)")
            #expect(counts.count == (seen == 0 ? 0 : 3))
        }
    }

    @Test func `is given up when its time is over`() async throws {
        var limits = DerivedStore.Limits()
        limits.readMillisecondsMax = 0
        let store = try folder.store(limits)
        var folds = SampleFolds(seed: 1)
        _ = try await store.writer.commit(folds.flush(samples: 50))
        let range = try #require(TimeRange(from: SampleFolds.start, to: folds.now))
        let query = BucketQuery(
            series: [SeriesID(0)], interval: .oneMinute, range: range, bucketsMax: 10)
        #expect(await code { _ = try await store.reader.buckets(query) } == .tookTooLong)
        #expect(await code { _ = try await store.rows(.oneMinute) } == .tookTooLong)
        #expect(try await store.reader.restore().series == folds.series.rows)
        let rows = try await store.reader.snapshot(millisecondsMax: 60_000) { snapshot in
            var count = 0
            try snapshot.forEachSeries(.oneMinute) { count += $0.count }
            return count
        }
        #expect(rows > 0)
    }

    @Test func `whose task is cancelled stops`() async throws {
        let store = try folder.store()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await code { _ = try await store.reader.restore() }
        }
        #expect(await task.value == .cancelled)
        #expect(try await store.reader.restore() == StoredFolds())
    }

    @Test func `that takes long keeps no flush waiting`() async throws {
        let store = try folder.store()
        var folds = SampleFolds(seed: 1)
        _ = try await store.writer.commit(folds.flush(samples: 50))
        let before = folds.series.rows
        let (begun, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let slow = store.reader.snapshot { snapshot in
            let first = try snapshot.checkpoint
            begun.signal()
            done.wait()
            return (first, try snapshot.checkpoint)
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                begun.wait()
                continuation.resume()
            }
        }
        for _ in 0..<5 { _ = try await store.writer.commit(folds.flush(samples: 50)) }
        let state = try await store.tidy()
        #expect(state.movedBytes < state.bytes)
        done.signal()
        let (first, last) = try await slow
        #expect(first == last)
        #expect(first?.lastID != nil && before.count <= folds.series.count)
        let moved = try await store.tidy()
        #expect(moved.movedBytes == moved.bytes)
    }

    @Test func `of a store without a flush has nothing`() async throws {
        let store = try folder.store()
        let range = try #require(
            TimeRange(from: Timestamp(milliseconds: .min), to: Timestamp(milliseconds: .max)))
        let query = BucketQuery(
            series: [SeriesID(0), SeriesID(.max)], interval: .oneHour, range: range,
            bucketsMax: .max)
        let page = try await store.reader.buckets(query)
        #expect(page.lastID == .none && page.packed.entries.isEmpty && page.next == nil)
    }

    @Test func `gives all admissions`() async throws {
        let store = try folder.store()
        var table = SeriesTable()
        let key = SeriesKey(metric: "m", tags: []).canonical
        var admissions: [Admission] = []
        for day in 0..<4 {
            let now = SampleFolds.start.advanced(byMilliseconds: Int64(day) * 2 * 86_400_000)
            let id = EventID(UInt64(day) * 10 + 1)
            table.sweep(now: now, at: id)
            _ = try table.observe(key.span, kind: .gauge, sum: 0, at: id, now: now)
            var flush = Flush(
                checkpoint: Checkpoint(logID: "log", lastID: id, time: now, foldVersion: 1))
            flush.series = table.takeChanges()
            _ = try await store.writer.commit(flush)
            if let last = admissions.indices.last { admissions[last].retiredAt = id }
            admissions.append(Admission(series: SeriesID(0), admittedAt: id))
        }
        #expect(try await store.reader.admissions() == admissions)
        #expect(try await store.reader.restore().series == table.rows)
    }
}
