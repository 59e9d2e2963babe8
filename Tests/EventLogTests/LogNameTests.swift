import EventLog
import Testing
import TestSupport
import TimeSeries

@Suite struct `A log's name` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `is the same in every partition, for life`() throws {
        var limits = EventLog.Limits()
        limits.partitionBytesMax = 1
        for id in 1...UInt64(5) {
            let (log, _) = try EventLog.open(folder, limits: limits, logID: "name \(id)")
            #expect(log.logID == "name 1")
            var appender = try log.makeAppender()
            try appender.append(group(id...id), now: start)
        }
        #expect(try folder.names.count == 5)
        for (id, name) in try folder.names.enumerated() {
            let text = header(logID: "name 1", afterID: UInt64(id))
            #expect(try folder.bytes(of: name).starts(with: text))
        }
    }

    @Test func `is known from any partition whose header is whole`() throws {
        try folder.write(header(logID: "life") + lines(1...3), to: fileName(firstID: 1))
        let torn = header(logID: "life", afterID: 3).map { $0 == UInt8(ascii: "h") ? 0 : $0 }
        try folder.write(torn + lines(4...6), to: fileName(firstID: 4))
        let (log, _) = try EventLog.open(folder, logID: "other")
        #expect(log.logID == "life")
        #expect(try log.snapshot().ids() == Array(1...6))
    }
}
