import EventLog
import Foundation
import Testing
import TimeSeries

@Suite struct `The unfinished end of a log` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// Cut anywhere, as a crash does it: what is whole stays, the rest goes, and the log goes on.
    @Test func `is cut, wherever it ends, and no whole line is`() throws {
        let whole = header() + lines(1...6)
        let ends = [header().count] + (1...6).map { header().count + lines(1...$0).count }
        for length in 0...whole.count {
            let folder = try folder.inner()
            try folder.write(whole.prefix(length), to: fileName(firstID: 1))
            let kept = UInt64(ends.lastIndex { $0 <= length } ?? 0)
            let (log, report) = try EventLog.open(folder)
            #expect(try log.snapshot().ids() == Array(1..<(kept + 1)), "cut at \(length)")
            #expect(log.lastID == EventID(kept))
            #expect(report.bytesCut == length - (ends.last { $0 <= length } ?? 0))
            #expect(report.damage.isEmpty)
            var appender = try log.makeAppender()
            try appender.append(group((kept + 1)...(kept + 2)), now: start)
            #expect(
                try folder.bytes(of: fileName(firstID: 1)) == header() + lines(1...(kept + 2)))
        }
    }

    @Test(arguments: [1, 511, 4_096, 262_143, 262_144, 262_145, 1_100_000])
    func `can be zeros, however many`(zeros: Int) throws {
        let whole = header() + lines(1...6)
        try folder.write(
            whole + [UInt8](repeating: 0, count: zeros), to: fileName(firstID: 1))
        let (log, report) = try EventLog.open(folder)
        #expect(report.bytesCut == zeros)
        #expect(report.damage.isEmpty)
        #expect(try log.snapshot().ids() == Array(1...6))
        #expect(try folder.bytes(of: fileName(firstID: 1)) == whole)
    }

    @Test func `of an older partition is left alone and read past`() throws {
        let torn = header() + lines(1...3) + line(4).dropLast(7)
        try folder.write(torn, to: fileName(firstID: 1))
        try folder.write(header(afterID: 3) + lines(9...10), to: fileName(firstID: 9))
        let (log, report) = try EventLog.open(folder)
        #expect(report.bytesCut == 0)
        #expect(try log.snapshot().ids() == [1, 2, 3, 9, 10])
        #expect(try log.snapshot().idsBackward() == [10, 9, 3, 2, 1])
        #expect(try folder.bytes(of: fileName(firstID: 1)) == torn)
    }
}

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
        let bytes = header() + lines(1...3) + hole + line(4) + lines(5...6)
        let (ids, report, _) = try log(bytes)
        #expect(ids == [1, 2, 3, 5, 6])
        let begin = header().count + lines(1...3).count
        #expect(report.damage.map(\.range) == [begin..<(begin + hole.count + line(4).count)])
    }

    @Test func `may lack its header, and is read all the same`() throws {
        var bytes = header() + lines(1...3)
        for index in 0..<header().count - 1 { bytes[index] = 0 }
        let (ids, report, lastID) = try log(bytes)
        #expect(ids == [1, 2, 3])
        #expect(lastID == EventID(3))
        #expect(report.damage.map(\.range) == [0..<header().count])
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
