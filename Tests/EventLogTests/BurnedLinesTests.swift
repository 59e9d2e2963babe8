import EventLog
import Testing
import TestSupport
import TimeSeries

/// A group failed, its lines stayed on the disk whole, and a newer partition was begun.
@Suite struct `Lines of a failed group` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func partition(
        _ firstID: UInt64, after afterID: UInt64, _ lines: [UInt8]
    ) throws {
        try folder.write(header(afterID: afterID) + lines, to: fileName(firstID: firstID))
    }

    private func check(_ expected: [UInt64], _ snapshot: LogSnapshot) throws {
        #expect(try snapshot.ids() == expected)
        #expect(try snapshot.idsBackward() == expected.reversed())
        for id in 0...((expected.last ?? 0) + 2) {
            #expect(try snapshot.ids(after: id) == expected.filter { $0 > id })
            #expect(try snapshot.idsBackward(before: id) == expected.filter { $0 < id }.reversed())
        }
    }

    @Test func `are no part of the log, from whatever side it is read`() throws {
        try partition(1, after: 0, lines(1...10) + lines(11...20))
        try partition(21, after: 10, lines(21...30))
        let (log, report) = try EventLog.open(folder)
        try check(Array(1...10) + Array(21...30), log.snapshot())
        try check(
            Array(1...10) + Array(21...30), EventLog.readOnlySnapshot(folder: folder.path))
        #expect(log.lastID == EventID(30))
        let begin = header().count + lines(1...10).count
        let burned = try #require(report.burned.first)
        #expect(report.burned.count == 1)
        #expect(burned.fileName == fileName(firstID: 1))
        #expect(burned.range == begin..<(begin + lines(11...20).count))
        #expect(report.damage.isEmpty)
    }

    @Test func `are passed over also where the next partition holds nothing yet`() throws {
        try partition(1, after: 0, lines(1...20))
        try partition(21, after: 10, [])
        let (log, _) = try EventLog.open(folder)
        try check(Array(1...10), log.snapshot())
        #expect(log.lastID == EventID(20))
        var appender = try log.makeAppender()
        try appender.append(group(21...25), now: start)
        try check(Array(1...10) + Array(21...25), log.snapshot())
    }

    @Test func `are passed over after several failures in a row`() throws {
        try partition(1, after: 0, lines(1...10))
        try partition(21, after: 5, lines(21...30))
        try partition(31, after: 5, lines(31...35))
        try partition(51, after: 33, lines(51...53))
        let (log, report) = try EventLog.open(folder)
        try check(Array(1...5) + Array(31...33) + Array(51...53), log.snapshot())
        #expect(report.burned.map(\.fileName) == [1, 21, 31].map(fileName(firstID:)))
    }

    @Test func `are passed over though the header between them was lost`() throws {
        try partition(1, after: 0, lines(1...10))
        try folder.write([], to: fileName(firstID: 21))
        try partition(31, after: 5, lines(31...35))
        let (log, _) = try EventLog.open(folder)
        try check(Array(1...5) + Array(31...35), log.snapshot())
    }

    @Test func `are passed over with their torn end`() throws {
        try partition(1, after: 0, lines(1...14) + line(15).dropLast(30))
        try partition(21, after: 10, lines(21...22))
        let (log, _) = try EventLog.open(folder)
        try check(Array(1...10) + [21, 22], log.snapshot())
    }

    @Test func `are found among larger lines than a chunk`() throws {
        let large = (9...12).flatMap { line($0, bytes: 300_000) }
        try partition(1, after: 0, lines(1...8) + large)
        try partition(21, after: 10, lines(21...22))
        let (log, report) = try EventLog.open(folder)
        try check(Array(1...10) + [21, 22], log.snapshot())
        #expect(report.burned.map(\.range.count) == [600_000])
    }

    @Test func `are all of a partition, where nothing of it was durable`() throws {
        try partition(1, after: 0, lines(1...5))
        try partition(6, after: 5, lines(6...9))
        try partition(10, after: 5, lines(10...12))
        let (log, report) = try EventLog.open(folder)
        try check(Array(1...5) + Array(10...12), log.snapshot())
        #expect(report.burned.map(\.fileName) == [fileName(firstID: 6)])
    }
}
