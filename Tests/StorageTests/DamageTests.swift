import Rollup
import Storage
import Testing
import TestSupport
import TimeSeries

/// Files as a failing disk leaves them. Whatever a store then says, it says it with an error of its own.
@Suite struct `A damaged store` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// A store with rows in all tables, as its bytes.
    private func sample(settled: Bool) async throws -> [UInt8] {
        let store = try folder.store()
        var folds = SampleFolds(seed: 8)
        for place in 0..<12 {
            _ = try await store.writer.commit(folds.flush(samples: 60, withState: true))
            if settled && place == 7 { try await store.writer.settle() }
        }
        let range = try #require(TimeRange(from: SampleFolds.start, to: folds.now))
        try await store.writer.addUncovered([UncoveredRange(range: range, reason: .corrupt)])
        try await store.writer.raiseFloor(of: .oneMinute, to: SampleFolds.start)
        _ = try await store.tidy()
        try store.close()
        return try folder.bytes(of: DerivedStore.fileName)
    }

    /// Reads and writes everything, as far as it goes.
    private func useAll() async -> Set<StorageError.Code> {
        var codes: Set<StorageError.Code> = []
        func attempt(_ body: () async throws -> Void) async {
            if let code = await code(body) { codes.insert(code) }
        }
        await attempt {
            let store = try folder.store()
            await attempt { _ = try await store.reader.restore() }
            await attempt { _ = try await store.reader.admissions() }
            await attempt { _ = try await store.reader.snapshot { try $0.counts } }
            for interval in Interval.allCases {
                await attempt { _ = try await store.rows(interval) }
            }
            var folds = SampleFolds(seed: 8)
            for _ in 0..<12 { _ = folds.flush(samples: 60, withState: true) }
            let flush = folds.flush(samples: 60)
            await attempt { _ = try await store.writer.commit(flush) }
            await attempt { try await store.writer.settle() }
            await attempt {
                try await store.writer.raiseFloor(
                    of: .oneHour, to: SampleFolds.start.advanced(byMilliseconds: 3_600_000))
            }
            await attempt { _ = try await store.tidy() }
            await attempt { try store.close() }
        }
        return codes
    }

    @Test func `that is whole has nothing to complain of`() async throws {
        _ = try await sample(settled: true)
        #expect(await useAll() == [])
    }

    /// Its last page may be one that no start reads.
    @Test func `is found at a start where a write has failed before`() async throws {
        let suspect = DerivedStore.fileName + "-suspect"
        let bytes = try await sample(settled: true)
        try folder.write([], to: suspect)
        #expect(await code { try folder.store().close() } == nil)
        #expect(try !folder.names.contains(suspect))
        var faults = 0
        for page in 2..<(bytes.count / 8_192) {
            var damaged = bytes
            for offset in 0..<8_192 { damaged[page * 8_192 + offset] ^= 0x55 }
            try damage(damaged)
            try folder.write([], to: suspect)
            if await code({ try folder.store().close() }) == .corrupt { faults += 1 }
        }
        // All but pages that nothing leads to.
        #expect(faults >= (bytes.count / 8_192 - 2) * 3 / 4 && faults > 4)
        try DerivedStore.remove(at: folder.storePath)
        #expect(try !folder.names.contains(suspect))
    }

    @Test(arguments: [false, true])
    func `that ends too early is told as such`(settled: Bool) async throws {
        let bytes = try await sample(settled: settled)
        var found: Set<StorageError.Code> = []
        for part in 1..<24 {
            try damage(Array(bytes.prefix(bytes.count * part / 24 + part % 3)))
            found.formUnion(await useAll())
        }
        #expect(found == [.corrupt])
    }

    /// Rows that SQLite has no quarrel with.
    @Test(
        arguments: [
            // The same place twice; a place beyond the last one.
            "numbers = CAST(substr(numbers, 1, 61) || substr(numbers, 1, 61) AS BLOB)",
            "numbers = CAST(substr(numbers, 1, 61) || x'3c' || substr(numbers, 63) AS BLOB)",
            // No samples; a last value above the greatest; sketches too short, too long, and other bytes.
            "numbers = CAST(substr(numbers, 1, 1) || x'8000000000000000' || substr(numbers, 10) AS BLOB)",
            "numbers = CAST(substr(numbers, 1, 41) || x'ffffffffffffffff' || substr(numbers, 50) AS BLOB)",
            "sketches = x''", "sketches = CAST(sketches || x'00' AS BLOB)",
            "sketches = CAST(x'ff' || substr(sketches, 2) AS BLOB)",
        ])
    func `whose chunks are none is told as such`(change: String) async throws {
        let store = try folder.store()
        let start = SampleFolds.start
        var flush = try flush(id: 1, start, [(0, start, 1)])
        flush.minutes = BucketBatch(
            merging: [0, 60_000].map { (offset: Int64) in
                let time = start.advanced(byMilliseconds: offset)
                let bucket = Bucket(Quantity(parts: 5), at: time, kind: .gauge)
                return SeriesBucket(series: SeriesID(0), start: time, bucket: bucket)
            })
        _ = try await store.writer.commit(flush)
        try await store.writer.settle()
        #expect(try await store.rows(.oneMinute).count == 2)
        try folder.execute("UPDATE rollup_1m SET \(change)")
        #expect(await code { _ = try await store.rows(.oneMinute) } == .corrupt)
    }

    @Test(
        arguments: [
            "UPDATE floors SET floor = 3600000000000000000",
            "UPDATE recent SET minute = -3600000000000000000 WHERE recent_id = 1",
            "UPDATE recent SET min = 9000000000000000000",
            "UPDATE metrics SET tag_keys = '[1]'",
            "DELETE FROM admissions", "UPDATE floors SET interval = '1h'",
        ])
    func `with values that nobody wrote never stops the process`(change: String) async throws {
        _ = try await sample(settled: false)
        try folder.execute(change)
        #expect(await useAll().isSubset(of: [.corrupt, .conflict]))
    }

    @Test(.serialized, arguments: seeds(4, long: 400))
    func `with other bytes in some place never stops the process`(seed: UInt64) async throws {
        let bytes = try await sample(settled: seed % 2 == 0)
        var random = SplitMix64(seed: seed)
        var found: Set<StorageError.Code> = []
        for _ in 0..<8 {
            var damaged = bytes
            let place = Int.random(in: 0..<bytes.count, using: &random)
            let length = random.pick([1, 1, 4, 16, 512, 8_192])
            for index in place..<min(bytes.count, place + length) {
                damaged[index] = random.pick([0, 0xFF, UInt8.random(in: 0...255, using: &random)])
            }
            try damage(damaged)
            found.formUnion(await useAll())
        }
        // Damage to a key or an id shows as rows that do not fit.
        #expect(found.isSubset(of: [.corrupt, .conflict, .schemaTooNew, .other]))
    }

    @Test(.serialized, arguments: seeds(4, long: 200))
    func `whose WAL is damaged is as it was some flushes ago`(seed: UInt64) async throws {
        let store = try folder.store()
        var random = SplitMix64(seed: seed)
        var folds = SampleFolds(seed: seed)
        var series: [[SeriesRow]] = [[]]
        for _ in 0..<10 {
            _ = try await store.writer.commit(folds.flush(samples: 20))
            series.append(folds.series.rows)
        }
        // As a power failure leaves them: the files of a store that is still open.
        let other = try folder.inner()
        try other.write(folder.bytes(of: DerivedStore.fileName), to: DerivedStore.fileName)
        var wal = try folder.bytes(of: "derived.sqlite-wal")
        let place = Int.random(in: 0..<wal.count, using: &random)
        if seed % 2 == 0 { wal.removeSubrange(place...) } else { wal[place] ^= 0x55 }
        try other.write(wal, to: "derived.sqlite-wal")
        let restored = try await other.store().reader.restore()
        #expect(series.contains(restored.series))
    }

    private func damage(_ bytes: [UInt8]) throws {
        try DerivedStore.remove(at: folder.storePath)
        try folder.write(bytes, to: DerivedStore.fileName)
    }
}
