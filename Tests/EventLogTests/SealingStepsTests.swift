import EventLog
import Foundation
import Sealing
import Synchronization
import Testing
import TimeSeries

@Suite struct `Sealing` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        for first in [UInt64(1), 61, 121] {
            let lines = (first...(first + 59)).flatMap { line($0, bytes: 800) }
            try folder.write(header(afterID: first - 1) + lines, to: fileName(firstID: first))
        }
    }

    private var all: [UInt64] { Array(1...180) }

    @Test func `tells what became of how much`() throws {
        let bytes = try folder.bytes(of: fileName(firstID: 1)).count
        let sealed = try EventLog.open(folder).log.sealAll()
        #expect(sealed.map(\.fileName) == [sealedName(1), sealedName(61)])
        #expect(sealed.first?.plainBytes == bytes)
        #expect(try sealed.first?.sealedBytes == folder.bytes(of: sealedName(1)).count)
        #expect(try folder.names == [sealedName(1), sealedName(61), fileName(firstID: 121)])
    }

    @Test func `that is ended changes nothing`() throws {
        let log = try EventLog.open(folder).log
        let before = try folder.names
        var options = SealWriter.Options()
        options.frameBytes = 16_384
        for steps in 0..<8 {
            var left = steps
            let sealed = try log.seal(log.sealable[0], options) { _ in
                left -= 1
                return left >= 0
            }
            if sealed != nil { return #expect(steps > 4) }
            #expect(try folder.names == before)
            #expect(try log.snapshot().ids() == all)
        }
    }

    @Test func `that fails leaves the plain file`() throws {
        let log = try EventLog.open(folder).log
        let obstacle = folder.path + "/" + sealedName(1)
        try FileManager.default.createDirectory(
            atPath: obstacle + "/x", withIntermediateDirectories: true)
        let error = #expect(throws: LogError.self) { try log.seal(log.sealable[0]) }
        #expect(error?.operation == "rename")
        try FileManager.default.removeItem(atPath: obstacle)
        #expect(try log.snapshot().ids() == all)
        try log.sealAll()
        #expect(try folder.names == [sealedName(1), sealedName(61), fileName(firstID: 121)])
        #expect(try log.snapshot().ids() == all)
    }

    /// Between the rename and the removal there are two; the plain one is known to be whole.
    @Test func `cut short between its last steps is done again`() throws {
        let plain = try folder.bytes(of: fileName(firstID: 1))
        try EventLog.open(folder).log.sealAll()
        let sealed = try folder.bytes(of: sealedName(1))
        for other in [sealed, Array(sealed.prefix(100)), []] {
            try folder.write(plain, to: fileName(firstID: 1))
            try folder.write(other, to: sealedName(1))
            try folder.write(sealed.prefix(50), to: sealedName(1) + ".tmp")
            #expect(try EventLog.readOnlySnapshot(folder: folder.path).ids() == all)
            let (log, report) = try EventLog.open(folder)
            #expect(try log.snapshot().ids() == all && report.damage.isEmpty)
            #expect(try !folder.names.contains(sealedName(1) + ".tmp"))
            #expect(log.sealable.map(\.name.firstID) == [EventID(1)])
            try log.sealAll()
            #expect(try folder.names == [sealedName(1), sealedName(61), fileName(firstID: 121)])
            #expect(try folder.bytes(of: sealedName(1)) == sealed)
        }
    }

    @Test func `goes unnoticed by those who read from a snapshot`() throws {
        let log = try EventLog.open(folder).log
        let snapshot = log.snapshot()
        let readOnly = try EventLog.readOnlySnapshot(folder: folder.path)
        var cursor = try snapshot.lines(after: .none)
        var ids = try #require(try cursor.next()).ids
        try log.sealAll()
        while let chunk = try cursor.next() { ids += chunk.ids }
        #expect(ids == all)
        #expect(try readOnly.ids() == all)
        #expect(try snapshot.idsBackward() == all.reversed())
    }

    @Test func `beside a writer and readers of other processes hides no line`() throws {
        let work = try SealingWriter(folder.inner())
        work.start()
        var looks = 0
        while !work.isDone || looks == 0 {
            let durable = work.durable
            let ids = try EventLog.readOnlySnapshot(folder: work.path).ids()
            #expect(ids == Array(1..<(UInt64(ids.count) + 1)))
            #expect(ids.last ?? 0 >= durable)
            #expect(try work.log.snapshot().ids().count >= Int(durable))
            looks += 1
        }
        let snapshot = try EventLog.open(folder: work.path, makeLogID: { "log" }).log.snapshot()
        #expect(try snapshot.ids() == Array(1...work.durable))
        #expect(snapshot.partitions.count { $0.isSealed } > 3)
    }
}

/// Appends groups on a thread of its own, and seals what is closed on another.
private final class SealingWriter: Sendable {
    let log: EventLog
    let path: String
    private let state = Mutex((durable: UInt64(0), running: 2))

    init(_ folder: ScratchFolder) throws {
        var limits = EventLog.Limits()
        limits.partitionBytesMax = 20_000
        path = folder.path
        log = try EventLog.open(folder, limits: limits).log
    }

    var durable: UInt64 { state.withLock { $0.durable } }
    var isDone: Bool { state.withLock { $0.running == 0 } }
    private var isWriting: Bool { state.withLock { $0.running == 2 } }

    func start() {
        Thread { [self] in
            defer { state.withLock { $0.running -= 1 } }
            guard var appender = try? log.makeAppender() else { return }
            for first in stride(from: UInt64(1), through: 1_191, by: 10) {
                let moment = Timestamp(milliseconds: 0)
                guard (try? appender.append(group(first...(first + 9)), now: moment)) != nil
                else { return }
                state.withLock { $0.durable = first + 9 }
            }
        }.start()
        Thread { [self] in
            defer { state.withLock { $0.running -= 1 } }
            while isWriting { _ = try? log.sealAll() }
            _ = try? log.sealAll()
        }.start()
    }
}
