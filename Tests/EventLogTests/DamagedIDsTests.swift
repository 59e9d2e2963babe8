import EventLog
import Testing
import TestSupport
import TimeSeries

/// An id that stands at the head of a damaged line was given once, and perhaps acknowledged.
@Suite struct `The id of a damaged line` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// Zeros in the data, before the line's end.
    private func damaged(_ id: UInt64, bytes: Int = 0) -> [UInt8] {
        var line = line(id, bytes: bytes)
        for index in (line.count - 9)..<(line.count - 5) { line[index] = 0 }
        return line
    }

    @Test func `is not given again`() throws {
        try folder.write(
            header() + lines(1...5) + damaged(6) + damaged(7), to: fileName(firstID: 1))
        let (log, _) = try EventLog.open(folder)
        #expect(log.lastID == EventID(7))
        var appender = try log.makeAppender()
        try appender.append(group(8...9), now: start)
        let (again, report) = try EventLog.open(folder)
        #expect(try again.snapshot().ids() == Array(1...5) + [8, 9])
        #expect(report.damage.count == 1)
    }

    /// Else what a later failed group left would be sought too early, and whole lines dropped with it.
    @Test func `does not hide later lines from those who cut off a failed group`() throws {
        let end = (501...2_000).flatMap { damaged($0, bytes: 500) }
        try folder.write(header() + lines(1...500) + end, to: fileName(firstID: 1))
        let (log, _) = try EventLog.open(folder)
        let next = log.lastID.value + 1
        var appender = try log.makeAppender()
        try appender.append(group(next...(next + 299)), now: start)
        let bytes = try folder.bytes(of: fileName(firstID: 1))
        try folder.write(
            bytes + lines((next + 300)...(next + 310)), to: fileName(firstID: 1))
        try folder.write(
            header(afterID: next + 299) + line(next + 311), to: fileName(firstID: next + 311))
        let (again, report) = try EventLog.open(folder)
        let expected = Array(1...500) + Array(next...(next + 299)) + [next + 311]
        #expect(try again.snapshot().ids() == expected)
        #expect(report.burned.count == 1)
    }

    /// Its first digits are a number too, but another.
    @Test func `is not read where a part of it is lost`() throws {
        var torn = line(1_004)
        torn[8] = 0
        try folder.write(
            header(afterID: 1_000) + lines(1_001...1_003) + torn, to: fileName(firstID: 1_001))
        try folder.write(header(afterID: 1_001) + line(1_005), to: fileName(firstID: 1_005))
        let (log, report) = try EventLog.open(folder)
        #expect(report.burned.count == 1)
        #expect(try log.snapshot().ids() == [1_001, 1_005])
    }

    @Test func `misleads no reader who seeks a place`() throws {
        let all = UInt64(1_000)...1_400
        var bytes = header(afterID: 999)
        for id in all {
            var line = line(id, bytes: id % 2 == 0 ? 400 : 30_000)
            // From the id's second, third or fourth digit on.
            let start = 7 + Int(id % 3)
            if id % 4 != 0 { line.replaceSubrange(start..<300, with: zeros(300 - start)) }
            bytes += line
        }
        try folder.write(bytes, to: fileName(firstID: 1_000))
        let snapshot = try EventLog.open(folder).log.snapshot()
        let ids = try snapshot.ids()
        #expect(ids == all.filter { $0 % 4 == 0 })
        for id in stride(from: UInt64(995), to: 1_405, by: 13) {
            #expect(try snapshot.ids(after: id) == ids.filter { $0 > id })
            #expect(try snapshot.idsBackward(before: id) == ids.filter { $0 < id }.reversed())
        }
    }
}
