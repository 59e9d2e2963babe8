import EventLog
import Testing
import TestSupport
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
