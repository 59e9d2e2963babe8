import Foundation
import GRDB
import Storage
import Testing
import TestSupport
import TimeSeries

@Suite struct `The control store's file` {
    private let folder: ScratchFolder
    private static let day: Int64 = 86_400_000

    init() throws {
        folder = try ScratchFolder()
    }

    private func fill() async throws -> RestoredJudging {
        let store = try folder.control()
        var sample = SampleJudgements()
        for number in 1...20 as ClosedRange<Int64> {
            _ = try await store.commit(sample.judgement((number, "on_target", "alert")))
        }
        let restored = try await store.restore()
        try store.close()
        // All of it into the file that the tests then damage or take away.
        try await DatabaseQueue(path: folder.path + "/control.sqlite").writeWithoutTransaction {
            _ = try $0.checkpoint(.truncate)
        }
        return restored
    }

    @Test func `of a newer schema is refused in clear words`() async throws {
        _ = try await fill()
        try await DatabaseQueue(path: folder.path + "/control.sqlite").write {
            try $0.execute(sql: "PRAGMA user_version = 999")
        }
        let error = #expect(throws: StorageError.self) { try folder.control() }
        #expect(error?.code == .schemaTooNew)
        #expect(
            error?.description.contains("the file has schema 999, this version knows up to 1")
                == true)
    }

    @Test func `that is no control store is refused, and left as it is`() async throws {
        let derived = try DerivedStore(path: folder.path + "/control.sqlite")
        _ = try await derived.tidy()
        try derived.close()
        let bytes = try folder.bytes(of: "control.sqlite")
        #expect(await code { _ = try folder.control() } == .corrupt)
        #expect(try folder.bytes(of: "control.sqlite") == bytes)
    }

    @Test func `is refused wherever a page of it is damaged`() async throws {
        _ = try await fill()
        let whole = try folder.bytes(of: "control.sqlite")
        let pages = whole.count / 4_096
        #expect(pages > 10)
        for page in 0..<pages {
            var bytes = whole
            // Of the page's head and of its cells' places: always in use.
            for offset in 0..<16 { bytes[page * 4_096 + offset] ^= 0x5A }
            try folder.write(bytes, to: "control.sqlite")
            #expect(await code { _ = try folder.control() } == .corrupt, "page \(page)")
            // Nothing is begun anew; a page more comes of making a WAL.
            #expect(try folder.bytes(of: "control.sqlite").count >= whole.count)
        }
    }

    @Test func `is copied once a day, and so many copies are kept`() async throws {
        let restored = try await fill()
        var limits = ControlStore.Limits()
        limits.copiesKept = 3
        let store = try folder.control(limits)
        let start = Timestamp(milliseconds: 1_764_028_800_000)
        for day in 0..<5 {
            let now = start.advanced(byMilliseconds: Int64(day) * Self.day)
            #expect(try await store.copyDaily(now) != nil)
            #expect(try await store.copyDaily(now.advanced(byMilliseconds: 3_600_000)) == nil)
        }
        let copies = try folder.names.filter { $0.hasPrefix("control-") }
        #expect(
            copies == [
                "control-20251127.sqlite", "control-20251128.sqlite", "control-20251129.sqlite",
            ])
        #expect(ControlStore.newestCopy(in: folder.path) == folder.path + "/" + copies[2])
        let other = try folder.inner()
        try other.write(folder.bytes(of: copies[2]), to: "control.sqlite")
        #expect(try await other.control().restore() == restored)
    }

    @Test func `is not begun anew where copies say that there was one`() async throws {
        _ = try await fill()
        let store = try folder.control()
        _ = try await store.copyDaily(SampleJudgements.start)
        try store.close()
        try FileManager.default.removeItem(atPath: folder.path + "/control.sqlite")
        #expect(await code { _ = try folder.control() } == .corrupt)
        try folder.write([], to: "control.sqlite")
        #expect(await code { _ = try folder.control() } == .corrupt)
    }

    @Test func `is read by its owner alone, and so are its copies`() async throws {
        let store = try folder.control()
        _ = try await store.copyDaily(SampleJudgements.start)
        #expect(try folder.names.count == 4)
        for name in try folder.names {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.path + "/" + name)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
    }
}
