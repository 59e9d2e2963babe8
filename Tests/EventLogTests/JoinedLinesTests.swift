import EventLog
import Testing
import TestSupport
import TimeSeries

/// The end of the line before was lost, so a whole line does not stand on a line of its own.
@Suite struct `A whole line after a damaged stretch` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func open(_ bytes: [UInt8]) throws -> (log: EventLog, report: RecoveryReport) {
        try folder.write(bytes, to: fileName(firstID: 1))
        return try EventLog.open(folder)
    }

    /// The next start has nothing more to do.
    private func staysAsItIs(_ log: EventLog) throws {
        let bytes = try folder.bytes(of: fileName(firstID: 1))
        let (again, report) = try EventLog.open(folder)
        #expect(report.lineEndsRestored == 0 && report.bytesCut == 0)
        #expect(again.lastID == log.lastID)
        #expect(try again.snapshot().ids() == log.snapshot().ids())
        #expect(try folder.bytes(of: fileName(firstID: 1)) == bytes)
    }

    @Test(arguments: [1, 2, 512, 700_000])
    func `is found, however many zeros stand before it`(count: Int) throws {
        let begin = header() + lines(1...2) + line(3).dropLast(25)
        let (log, report) = try open(begin + zeros(count) + lines(5...6))
        #expect(try log.snapshot().ids() == [1, 2, 5, 6])
        #expect(try log.snapshot().idsBackward() == [6, 5, 2, 1])
        let third = header().count + lines(1...2).count
        #expect(report.damage.map(\.range) == [third..<(begin.count + count)])
        #expect(report.lineEndsRestored == 1)
        try staysAsItIs(log)
    }

    @Test func `is found with the one before it, where nothing but the line end was lost`() throws {
        let whole = header() + lines(1...6)
        let ends = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }
        for lost in [[0], [1], [3, 4], [0, 1, 2, 3, 4, 5]] {
            var bytes = whole
            for place in lost { bytes[ends[place]] = 0 }
            let (log, report) = try open(bytes)
            #expect(report.lineEndsRestored == lost.count)
            #expect(report.damage.isEmpty)
            #expect(try folder.bytes(of: fileName(firstID: 1)) == whole)
            #expect(try log.snapshot().ids() == Array(1...6))
        }
    }

    @Test func `is found between two stretches`() throws {
        let torn = line(3).prefix(60) + zeros(512)
        let first = header() + line(1) + torn + line(4)
        let second = zeros(512) + line(6).dropFirst(9) + line(7).dropFirst() + torn + line(8)
        let (log, report) = try open(first + second)
        #expect(try log.snapshot().ids() == [1, 4, 8])
        #expect(report.lineEndsRestored == 2)
        #expect(report.damage.count == 2)
        try staysAsItIs(log)
    }

    @Test func `is none where it stands within a line`() throws {
        let inner = String(decoding: line(9).dropLast(), as: UTF8.self)
        let outer = Array("{\"id\":2,\"event_id\":\"e\",\"data\":{\"x\":[\(inner)]}}\n".utf8)
        for index in outer.indices.dropLast() {
            var damaged = outer
            damaged[index] = 0
            let bytes = header() + line(1) + damaged + line(3)
            let (log, report) = try open(bytes)
            #expect(try log.snapshot().ids() == [1, 3])
            #expect(report.lineEndsRestored == 0)
            #expect(try folder.bytes(of: fileName(firstID: 1)) == bytes)
        }
    }

    @Test func `is none where its own line end is lost too`() throws {
        let lost = zeros(2) + line(2).dropLast() + zeros(1) + line(3).dropFirst(9)
        let (log, report) = try open(header() + line(1) + lost + line(4))
        #expect(try log.snapshot().ids() == [1, 4])
        #expect(report.lineEndsRestored == 0)
        try staysAsItIs(log)
    }

    @Test func `does not stay unseen behind thousands of others`() throws {
        let (log, report) = try open(header() + (1...3_000).flatMap { zeros(7) + line($0) })
        #expect(try log.snapshot().ids() == Array(1...3_000))
        #expect(report.lineEndsRestored == 3_000)
    }
}
