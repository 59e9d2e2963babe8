import EventLog
import Testing
import TestSupport
import TimeSeries

@Suite struct `A newest partition without a whole header` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private static let cutShort = [0, 1, 20, header(afterID: 20).count - 1].map {
        Array(header(logID: "life", afterID: 10).prefix($0))
    }
    private static let zeroed = [1, 90, 4_096, 300_000].map(zeros)

    @Test(arguments: cutShort + zeroed)
    func `gets one, and takes the next group`(bytes: [UInt8]) throws {
        try folder.write(header(logID: "life") + lines(1...10), to: fileName(firstID: 1))
        try folder.write(bytes, to: fileName(firstID: 21))
        let (log, report) = try EventLog.open(folder, logID: "other")
        #expect(log.logID == "life")
        #expect(report.bytesCut == bytes.count)
        // Ids up to the name's were perhaps given to a group that failed.
        #expect(log.lastID == EventID(20))
        #expect(
            try folder.bytes(of: fileName(firstID: 21)) == header(logID: "life", afterID: 20))
        var appender = try log.makeAppender()
        try appender.append(group(21...22), now: start)
        #expect(try log.snapshot().ids() == Array(1...10) + [21, 22])
        #expect(try folder.names == [fileName(firstID: 1), fileName(firstID: 21)])
    }

    @Test func `of an otherwise empty folder gets an id for life`() throws {
        try folder.write([], to: fileName(firstID: 1))
        let (log, _) = try EventLog.open(folder, logID: "first")
        #expect(log.logID == "first")
        #expect(log.lastID == .none)
        #expect(try EventLog.open(folder, logID: "second").log.logID == "first")
    }

    /// What lies in the partition before it becomes part of the log, so it is looked at as closely.
    @Test func `lets the one before it be repaired`() throws {
        let torn = line(14).dropLast(9)
        var bytes = header() + lines(1...13) + torn
        bytes[header().count + lines(1...6).count - 1] = 0
        try folder.write(bytes, to: fileName(firstID: 1))
        try folder.write(zeros(40), to: fileName(firstID: 21))
        let (log, report) = try EventLog.open(folder)
        #expect(report.bytesCut == torn.count + 40)
        #expect(report.lineEndsRestored == 1)
        #expect(try folder.bytes(of: fileName(firstID: 1)) == header() + lines(1...13))
        #expect(try log.snapshot().ids() == Array(1...13))
    }

    @Test func `has it back, where zeros took it and lines follow`() throws {
        let lost = zeros(header().count - 1) + [UInt8(ascii: "\n")]
        for logID in ["new", "old"] {
            try folder.write(lost + lines(1...3), to: fileName(firstID: 1))
            let (log, report) = try EventLog.open(folder, logID: logID)
            #expect(log.logID == logID)
            #expect(log.lastID == EventID(3))
            #expect(report.damage.map(\.range) == [0..<header().count])
            #expect(
                try folder.bytes(of: fileName(firstID: 1)) == header(logID: logID) + lines(1...3))
            let (again, second) = try EventLog.open(folder, logID: "other")
            #expect(again.logID == logID)
            #expect(second.damage.isEmpty)
            #expect(try again.snapshot().ids() == [1, 2, 3])
        }
    }

    @Test func `has it back, where zeros took lines with it`() throws {
        try folder.write(header(logID: "life") + lines(1...5), to: fileName(firstID: 1))
        try folder.write(zeros(512) + lines(8...9), to: fileName(firstID: 6))
        let (log, report) = try EventLog.open(folder, logID: "other")
        #expect(report.damage.map(\.range) == [0..<512])
        #expect(try log.snapshot().ids() == Array(1...5) + [8, 9])
        let bytes = try folder.bytes(of: fileName(firstID: 6))
        #expect(bytes.starts(with: header(logID: "life", afterID: 5)))
        #expect(bytes.suffix(lines(8...9).count) == lines(8...9)[...])
        #expect(try EventLog.open(folder).log.snapshot().ids() == Array(1...5) + [8, 9])
    }

    @Test func `is read as it is, where there is no room for one`() throws {
        try folder.write(header(logID: "life") + lines(1...5), to: fileName(firstID: 1))
        for beginning in ["", "x\n", "{\"kind\":\"header\",\"format\":1}\n"] {
            let bytes = Array(beginning.utf8) + lines(6...9)
            try folder.write(bytes, to: fileName(firstID: 6))
            let (log, report) = try EventLog.open(folder, logID: "other")
            #expect(log.logID == "life")
            #expect(try log.snapshot().ids() == Array(1...9))
            #expect(report.damage.count == (beginning.isEmpty ? 0 : 1))
            #expect(try folder.bytes(of: fileName(firstID: 6)) == bytes)
        }
    }
}
