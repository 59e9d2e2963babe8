import EventLog
import Foundation
import Synchronization
import Testing
import TestSupport
import TimeSeries

@Suite struct `A reader beside the writer` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `sees everything that was durable, in order, whatever is being written`() throws {
        let writer = try Writer(folder)
        writer.start()
        var looks = 0
        while !writer.isDone || looks == 0 {
            let durable = writer.durable
            let ids = try EventLog.readOnlySnapshot(folder: folder.path).ids()
            #expect(ids == Array(1..<(UInt64(ids.count) + 1)))
            #expect(ids.last ?? 0 >= durable)
            looks += 1
        }
        let snapshot = try EventLog.readOnlySnapshot(folder: folder.path)
        #expect(try snapshot.ids() == Array(1...writer.durable))
        #expect(try snapshot.idsBackward() == Array((1...writer.durable).reversed()))
        #expect(snapshot.partitions.count > 3)
    }

    @Test func `repairs nothing and locks nothing`() throws {
        let torn = header() + lines(1...3) + line(4).dropLast()
        try folder.write(torn, to: fileName(firstID: 1))
        #expect(try EventLog.readOnlySnapshot(folder: folder.path).ids() == [1, 2, 3])
        #expect(try EventLog.readOnlySnapshot(folder: folder.path).idsBackward() == [3, 2, 1])
        #expect(try folder.bytes(of: fileName(firstID: 1)) == torn)
        #expect(try folder.names == [fileName(firstID: 1)])
    }

    @Test func `of a folder that is not there has an error`() throws {
        let error = #expect(throws: LogError.self) {
            try EventLog.readOnlySnapshot(folder: folder.path + "/log")
        }
        #expect(error?.operation == "list the folder")
    }
}

/// Appends groups on a thread of its own, in partitions that are rolled often.
private final class Writer: Sendable {
    private let log: EventLog
    private let state = Mutex((durable: UInt64(0), isDone: false))

    init(_ folder: ScratchFolder) throws {
        var limits = EventLog.Limits()
        limits.partitionBytesMax = 20_000
        log = try EventLog.open(folder, limits: limits).log
    }

    var durable: UInt64 { state.withLock { $0.durable } }
    var isDone: Bool { state.withLock { $0.isDone } }

    func start() {
        let moment = Timestamp(milliseconds: 0)
        let thread = Thread { [self] in
            defer { state.withLock { $0.isDone = true } }
            guard var appender = try? log.makeAppender() else { return }
            for first in stride(from: UInt64(1), through: 1_191, by: 10) {
                guard (try? appender.append(group(first...(first + 9)), now: moment)) != nil
                else { return }
                state.withLock { $0.durable = first + 9 }
            }
        }
        thread.start()
    }
}
