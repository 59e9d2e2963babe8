import EventLog
import Testing
import TestSupport
import TimeSeries

@Suite struct `A damaged log` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func log(
        _ bytes: [UInt8], firstID: UInt64 = 1
    ) throws -> (ids: [UInt64], report: RecoveryReport, lastID: EventID) {
        try folder.write(bytes, to: fileName(firstID: firstID))
        let (log, report) = try EventLog.open(folder)
        let ids = try log.snapshot().ids()
        #expect(try log.snapshot().idsBackward() == ids.reversed())
        return (ids, report, log.lastID)
    }

    @Test func `is read past zeros within, which are told by name and place`() throws {
        var bytes = header() + lines(1...6)
        let third = header().count + lines(1...2).count
        for index in (third + 20)..<(third + 40) { bytes[index] = 0 }
        let (ids, report, lastID) = try log(bytes)
        #expect(ids == [1, 2, 4, 5, 6])
        #expect(lastID == EventID(6))
        let damage = try #require(report.damage.first)
        #expect(report.damage.count == 1)
        #expect(damage.fileName == fileName(firstID: 1))
        #expect(damage.range == third..<(third + line(3).count))
        #expect(
            damage.description == "\(fileName(firstID: 1)), bytes \(third) to "
                + "\(third + line(3).count)")
    }

    @Test func `loses both lines whose border is gone, and tells of one stretch`() throws {
        var bytes = header() + lines(1...6)
        let fourth = header().count + lines(1...3).count
        for index in (fourth - 5)..<(fourth + 5) { bytes[index] = 0 }
        let (ids, report, _) = try log(bytes)
        #expect(ids == [1, 2, 5, 6])
        let stretch = (fourth - line(3).count)..<(fourth + line(4).count)
        #expect(report.damage.map(\.range) == [stretch])
    }

    @Test func `tells of each stretch of its own`() throws {
        var bytes = header() + lines(1...6)
        let starts = (1...6).map { header().count + lines(1...$0).count - line($0).count }
        for place in [0, 1, 3] { bytes[starts[place]] = UInt8(ascii: "!") }
        let (ids, report, _) = try log(bytes)
        #expect(ids == [3, 5, 6])
        #expect(report.damage.map(\.range) == [starts[0]..<starts[2], starts[3]..<starts[4]])
    }

    @Test func `is read past a block of zeros that is larger than a chunk`() throws {
        let hole = [UInt8](repeating: 0, count: 700_000)
        let bytes = header() + lines(1...3) + hole + line(4).dropFirst(20) + lines(5...6)
        let (ids, report, _) = try log(bytes)
        #expect(ids == [1, 2, 3, 5, 6])
        let begin = header().count + lines(1...3).count
        #expect(report.damage.map(\.range) == [begin..<(begin + hole.count + line(4).count - 20)])
    }

    @Test func `passes over lines whose ids do not rise`() throws {
        let bytes = header() + lines(1...3) + line(2) + line(3) + line(4) + line(0) + line(5)
        try folder.write(bytes, to: fileName(firstID: 1))
        let (log, report) = try EventLog.open(folder)
        let begin = header().count + lines(1...3).count
        let middle = begin + line(2).count + line(3).count + line(4).count
        #expect(
            report.damage.map(\.range) == [
                begin..<(begin + line(2).count + line(3).count),
                middle..<(middle + line(0).count),
            ])
        #expect(log.lastID == EventID(5))
    }

    @Test func `takes new lines after the damage`() throws {
        var bytes = header() + lines(1...3)
        bytes[header().count + line(1).count] = 0
        try folder.write(bytes, to: fileName(firstID: 1))
        let (log, _) = try EventLog.open(folder)
        var appender = try log.makeAppender()
        try appender.append(group(4...5), now: start)
        let (again, report) = try EventLog.open(folder)
        #expect(try again.snapshot().ids() == [1, 3, 4, 5])
        #expect(report.damage.count == 1)
    }
}
