import EventLog
import Testing
import TimeSeries

@Suite struct `The ids of a log` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `go on after the last line`() throws {
        try folder.write(header() + lines(1...10), to: fileName(firstID: 1))
        #expect(try EventLog.open(folder).log.lastID == EventID(10))
    }

    @Test func `go on from a partition's name where that is further`() throws {
        try folder.write(header() + lines(1...10), to: fileName(firstID: 1))
        try folder.write(header(afterID: 10), to: fileName(firstID: 500))
        let (log, _) = try EventLog.open(folder)
        #expect(log.lastID == EventID(499))
        #expect(try log.snapshot().ids() == Array(1...10))
    }

    @Test func `go on from the lines where those are further than the name`() throws {
        try folder.write(header(afterID: 10) + lines(500...503), to: fileName(firstID: 500))
        #expect(try EventLog.open(folder).log.lastID == EventID(503))
    }

    @Test func `are not disturbed by files of others`() throws {
        try folder.write(header() + lines(1...3), to: fileName(firstID: 1))
        for name in ["notes.txt", "x\(fileName(firstID: 9))", "\(fileName(firstID: 9)).gz"] {
            try folder.write(header() + lines(900...901), to: name)
        }
        let (log, report) = try EventLog.open(folder)
        #expect(report.partitions == 1)
        #expect(log.lastID == EventID(3))
        #expect(try log.snapshot().ids() == [1, 2, 3])
    }
}
