import EventLog
import TestSupport
import Testing
import TimeSeries

@Suite struct `A partition that is removed` {
    private let folder: ScratchFolder

    /// 1…60, 61…120, 121…180; all sealed but the last.
    init() throws {
        folder = try ScratchFolder()
        try folder.makeSealedLog(partitions: 3)
    }

    private func ids(_ cursor: LogCursor) throws -> [UInt64] {
        var cursor = cursor
        var ids: [UInt64] = []
        while let chunk = try cursor.next() { ids += chunk.ids }
        return ids.sorted()
    }

    @Test func `is gone for readers to come, and from the disk`() throws {
        let log = try EventLog.open(folder).log
        let closed = log.snapshot().closed
        #expect(closed.map(\.lastID.value) == [60, 120])
        #expect(closed.map(\.endedAt) == [start, start])
        #expect(try log.remove(closed[0].partition))
        #expect(try log.snapshot().ids() == Array(61...180))
        #expect(try log.remove(closed[0].partition) == false)
        #expect(try EventLog.readOnlySnapshot(folder: folder.path).ids() == Array(61...180))
        #expect(try EventLog.open(folder).log.lastID.value == 180)
    }

    @Test func `goes in whatever form it lies there`() throws {
        let log = try EventLog.open(folder).log
        try folder.write(header() + lines(1...60), to: fileName(firstID: 1))
        try folder.write([1], to: sealedName(1) + ".tmp")
        #expect(try log.remove(log.snapshot().closed[0].partition))
        #expect(try folder.names.sorted() == [sealedName(61), fileName(firstID: 121)])
    }

    @Test(arguments: [0, 1])
    func `is passed over by who looked at the log before`(place: Int) throws {
        let log = try EventLog.open(folder).log
        let before = log.snapshot()
        #expect(try log.remove(before.closed[place].partition))
        let left = place == 0 ? Array(UInt64(61)...180) : Array(1...60) + Array(121...180)
        #expect(try ids(before.lines(after: .none)) == left)
        #expect(try ids(before.linesBackward(before: .last)) == left)
    }

    @Test func `is read to its end by who has begun`() throws {
        let log = try EventLog.open(folder).log
        var cursor = try log.snapshot().lines(after: .none)
        let first = try #require(try cursor.next())
        #expect(try log.remove(log.snapshot().closed[0].partition))
        #expect(try first.ids + ids(cursor) == Array(1...180))
    }

    @Test func `waits until it is sealed`() throws {
        try folder.write(header() + lines(1...60), to: fileName(firstID: 1))
        let log = try EventLog.open(folder).log
        let partition = try #require(log.sealable.first)
        var answers: [Bool] = []
        let sealed = try log.seal(partition) { _ in
            answers.append((try? log.remove(partition)) ?? true)
            return true
        }
        #expect(sealed != nil && !answers.isEmpty && !answers.contains(true))
        #expect(try log.remove(partition))
        #expect(try log.snapshot().ids() == Array(61...180))
        #expect(try log.seal(partition) == nil)
        #expect(try folder.names.sorted() == [sealedName(61), fileName(firstID: 121)])
    }

    @Test func `is never the newest`() async {
        await #expect(processExitsWith: .failure) {
            let folder = try ScratchFolder()
            try folder.makeSealedLog(partitions: 2)
            let log = try EventLog.open(folder).log
            if let newest = log.snapshot().partitions.last { _ = try log.remove(newest) }
        }
    }
}
