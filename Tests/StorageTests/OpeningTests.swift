import Foundation
import GRDB
import Rollup
import Storage
import Testing
import TestSupport
import TimeSeries

@Suite struct `A store's file` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func openCode() async -> StorageError.Code? {
        await code { try folder.store().close() }
    }

    @Test func `of a newer schema is refused in clear words`() async throws {
        try folder.store().close()
        try folder.execute("PRAGMA user_version = 999")
        let error = #expect(throws: StorageError.self) { try folder.store() }
        #expect(error?.code == .schemaTooNew)
        #expect(
            error?.description.contains("the file has schema 999, this version knows up to 2")
                == true)
    }

    @Test(arguments: [
        "PRAGMA user_version = 0", "PRAGMA user_version = -3", "PRAGMA application_id = 7",
    ])
    func `that is no store of ours is corrupt`(change: String) async throws {
        try folder.store().close()
        try folder.execute(change)
        #expect(await openCode() == .corrupt)
    }

    @Test(
        arguments: [
            "DROP TABLE state", "CREATE TABLE more (a)", "DROP VIEW buckets_1h",
            "ALTER TABLE recent RENAME COLUMN sum TO som",
        ])
    func `with another schema than its version's is corrupt`(change: String) async throws {
        try folder.store().close()
        try folder.execute(change)
        #expect(await openCode() == .corrupt)
    }

    @Test(arguments: [15, 16, 100, 512, 8_192, 100_000])
    func `of random bytes is corrupt`(count: Int) async throws {
        var random = SplitMix64(seed: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        try folder.write(bytes, to: DerivedStore.fileName)
        #expect(await openCode() == .corrupt)
    }

    @Test func `that is empty is a new store`() async throws {
        try folder.write([], to: DerivedStore.fileName)
        #expect(try await folder.store().reader.restore() == StoredFolds())
    }

    @Test func `in no folder is told as such`() async throws {
        let path = folder.path + "/none/" + DerivedStore.fileName
        #expect(await code { _ = try DerivedStore(path: path) } == .inputOutput)
    }

    @Test func `is read by its owner alone, and so are those beside it`() async throws {
        let store = try folder.store()
        var folds = SampleFolds(seed: 1)
        _ = try await store.writer.commit(folds.flush(samples: 5))
        #expect(try folder.names == ["derived.sqlite", "derived.sqlite-shm", "derived.sqlite-wal"])
        for name in try folder.names {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.path + "/" + name)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `is removed with those beside it, and made anew`() async throws {
        var store: DerivedStore? = try folder.store()
        var folds = SampleFolds(seed: 1)
        _ = try await store?.writer.commit(folds.flush(samples: 5))
        store = nil
        try folder.write([1], to: "derived.sqlite-wal")
        try DerivedStore.remove(at: folder.storePath)
        #expect(try folder.names == [])
        try DerivedStore.remove(at: folder.storePath)
        #expect(try await folder.store().reader.restore() == StoredFolds())
    }

    @Test func `has pages of 8 KiB and a WAL that no commit moves`() async throws {
        let store = try folder.store()
        var folds = SampleFolds(seed: 1)
        // More than the 1,000 pages after which SQLite would do it of itself.
        var flush = folds.flush(samples: 100)
        let key = StateRow.Key(kind: "large", key: [])
        flush.state.written = [StateRow(key: key, value: Array(repeating: 7, count: 9_000_000))]
        _ = try await store.writer.commit(flush)
        #expect(try folder.sql("PRAGMA page_size", as: Int.self) == [8_192])
        #expect(try folder.sql("PRAGMA journal_mode", as: String.self) == ["wal"])
        #expect(try folder.bytes(of: DerivedStore.fileName).count < 100_000)
        let state = try await store.tidy()
        #expect(state.bytes > 9_000_000 && state.movedBytes == state.bytes)
        #expect(try folder.bytes(of: DerivedStore.fileName).count > 9_000_000)
    }

    @Test func `has its WAL cut when that is too long`() async throws {
        var limits = DerivedStore.Limits()
        limits.walBytesMax = 50_000
        let store = try folder.store(limits)
        var folds = SampleFolds(seed: 1)
        for _ in 0..<20 { _ = try await store.writer.commit(folds.flush(samples: 100)) }
        #expect(try folder.bytes(of: "derived.sqlite-wal").count > 100_000)
        #expect(try await store.tidy().bytes == 0)
        #expect(try folder.bytes(of: "derived.sqlite-wal").isEmpty)
        #expect(try await store.reader.restore().series == folds.series.rows)
    }
}
