import EventLog
import Testing
import TimeSeries

@Suite struct `A newest partition without a whole header` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test(arguments: [0, 1, 20, header(afterID: 20).count - 1])
    func `gets one, and takes the next group`(length: Int) throws {
        try folder.write(header(logID: "life") + lines(1...10), to: fileName(firstID: 1))
        try folder.write(
            header(logID: "life", afterID: 10).prefix(length), to: fileName(firstID: 21))
        let (log, report) = try EventLog.open(folder, logID: "other")
        #expect(log.logID == "life")
        #expect(report.bytesCut == length)
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
}

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
        for name in ["notes.txt", "x\(fileName(firstID: 9))", "\(fileName(firstID: 9)).zst"] {
            try folder.write(header() + lines(900...901), to: name)
        }
        let (log, report) = try EventLog.open(folder)
        #expect(report.partitions == 1)
        #expect(log.lastID == EventID(3))
        #expect(try log.snapshot().ids() == [1, 2, 3])
    }
}

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

@Suite struct `A newer format` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `is refused by who writes and by who reads`() throws {
        let bytes = header(format: 2) + lines(1...3)
        try folder.write(bytes, to: fileName(firstID: 1))
        try folder.write(header(afterID: 3) + lines(4...6), to: fileName(firstID: 4))
        let write = #expect(throws: LogError.self) { try EventLog.open(folder) }
        let read = #expect(throws: LogError.self) {
            try EventLog.readOnlySnapshot(folder: folder.path)
        }
        for error in [write, read] {
            #expect(error?.code == .formatTooNew)
            #expect(error?.description.contains(fileName(firstID: 1)) == true)
        }
        #expect(try folder.bytes(of: fileName(firstID: 1)) == bytes)
    }

    @Test func `is refused wherever its partition stands`() throws {
        try folder.write(header() + lines(1...3), to: fileName(firstID: 1))
        try folder.write(header(afterID: 3, format: 7), to: fileName(firstID: 4))
        let error = #expect(throws: LogError.self) { try EventLog.open(folder) }
        #expect(error?.code == .formatTooNew)
    }
}
