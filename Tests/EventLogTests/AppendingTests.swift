import EventLog
import Foundation
import Testing
import TestSupport
import TimeSeries

@Suite struct `An appended group` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `is there for readers when append returns`() throws {
        let (log, _) = try EventLog.open(folder)
        var appender = try log.makeAppender()
        var expected = header()
        for first in stride(from: UInt64(1), through: 41, by: 10) {
            try appender.append(group(first...(first + 9)), now: start)
            expected += lines(first...(first + 9))
            #expect(log.lastID == EventID(first + 9))
            #expect(log.snapshot().partitions.map(\.length) == [expected.count])
            #expect(try log.snapshot().ids() == Array(1...(first + 9)))
        }
        #expect(try folder.bytes(of: fileName(firstID: 1)) == expected)
    }

    @Test func `goes on in the same partition after the log was opened again`() throws {
        for first in [UInt64(1), 4, 7] {
            let (log, report) = try EventLog.open(folder)
            #expect(log.lastID == EventID(first - 1))
            #expect(report.damage.isEmpty && report.burned.isEmpty && report.bytesCut == 0)
            var appender = try log.makeAppender()
            try appender.append(group(first...(first + 2)), now: start)
            #expect(try log.snapshot().ids() == Array(1...(first + 2)))
        }
        #expect(try folder.names == [fileName(firstID: 1)])
        #expect(try folder.bytes(of: fileName(firstID: 1)) == header() + lines(1...9))
    }

    @Test func `that can not be written is no part of the log, and the next one is`() throws {
        let path = folder.path + "/log"
        let (log, _) = try EventLog.open(folder: path, makeLogID: { "log" })
        var appender = try log.makeAppender()
        try FileManager.default.removeItem(atPath: path)
        var failure: LogError?
        do throws(LogError) { try appender.append(group(1...3), now: start) } catch {
            failure = error
        }
        #expect(failure?.operation == "create")
        #expect(log.lastID == .none)
        #expect(try log.snapshot().ids().isEmpty)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        try appender.append(group(4...6), now: start)
        #expect(try log.snapshot().ids() == [4, 5, 6])
        let (again, _) = try EventLog.open(folder: path, makeLogID: { "other" })
        #expect(again.logID == "log")
        #expect(try again.snapshot().ids() == [4, 5, 6])
    }
}
