import EventLog
import Foundation
import Testing
import TestSupport
import TimeSeries

@Suite struct `An empty folder` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `becomes a log without partitions, which the first group begins`() throws {
        let (log, report) = try EventLog.open(folder, logID: "0f3c")
        #expect(log.logID == "0f3c")
        #expect(log.lastID == .none)
        #expect(report.partitions == 0 && report.bytesCut == 0)
        #expect(try folder.names.isEmpty)
        var appender = try log.makeAppender()
        #expect(try folder.names.isEmpty)
        try appender.append(group(1...3), now: start)
        #expect(try folder.names == [fileName(firstID: 1)])
    }

    @Test func `gets a partition whose first line is its header, to the byte`() throws {
        let (log, _) = try EventLog.open(folder, logID: "0f3c\"\\")
        var appender = try log.makeAppender()
        try appender.append(group(1...2), now: start)
        let name = "20261122T140000Z-00000000000000000001.ndjson"
        let header =
            #"{"kind":"header","format":1,"log_id":"0f3c\"\\","after_id":0}"# + "\n"
        #expect(try folder.bytes(of: name) == Array(header.utf8) + lines(1...2))
    }

    @Test func `is made where it is missing, with those above it, for its owner alone`() throws {
        let path = folder.path + "/data/log"
        let (log, _) = try EventLog.open(folder: path, makeLogID: { "log" })
        var appender = try log.makeAppender()
        try appender.append(group(1...1), now: start)
        let file = path + "/" + fileName(firstID: 1)
        let modes = try [folder.path + "/data", path, file].map {
            try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int
        }
        #expect(modes == [0o700, 0o700, 0o600])
    }

    @Test func `that cannot be made is an error that names the path`() throws {
        try folder.write([], to: "data")
        let path = folder.path + "/data/log"
        let error = #expect(throws: LogError.self) {
            try EventLog.open(folder: path, makeLogID: { "log" })
        }
        #expect(error?.code == .other)
        #expect(error?.description.contains(path) == true)
    }
}
