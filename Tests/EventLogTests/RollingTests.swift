import EventLog
import Testing
import TestSupport
import TimeSeries

@Suite struct `A new partition` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func limits(bytes: Int = .max, seconds: Int64 = 1_000_000) -> EventLog.Limits {
        var limits = EventLog.Limits()
        limits.partitionBytesMax = bytes
        limits.partitionAgeMillisecondsMax = seconds * 1_000
        return limits
    }

    private func name(_ seconds: Int64, _ firstID: UInt64) -> String {
        PartitionName(
            start: start.advanced(byMilliseconds: seconds * 1_000), firstID: EventID(firstID)
        ).fileName
    }

    /// Appends a group of one line at each moment, and gives the names of the partitions.
    private func append(
        at seconds: [Int64], from firstID: UInt64 = 1, _ limits: EventLog.Limits
    ) throws -> [String] {
        let (log, _) = try EventLog.open(folder, limits: limits)
        var appender = try log.makeAppender()
        for (place, second) in seconds.enumerated() {
            let id = firstID + UInt64(place)
            let now = start.advanced(byMilliseconds: second * 1_000)
            try appender.append(group(id...id), now: now)
        }
        let lastID = firstID + UInt64(seconds.count) - 1
        #expect(try log.snapshot().ids() == Array(1...lastID))
        #expect(try log.snapshot().idsBackward() == Array((1...lastID).reversed()))
        return try folder.names
    }

    @Test func `is begun by the group that would make the old one too large`() throws {
        let exactly = header().count + line(1).count + line(2).count
        #expect(try append(at: [0, 0, 0, 0], limits(bytes: exactly)) == [name(0, 1), name(0, 3)])
        #expect(try folder.bytes(of: name(0, 1)) == header() + lines(1...2))
        #expect(try folder.bytes(of: name(0, 3)) == header(afterID: 2) + lines(3...4))
    }

    @Test func `takes a group that is larger than a partition may be`() throws {
        #expect(
            try append(at: [0, 0, 0], limits(bytes: 10)) == [name(0, 1), name(0, 2), name(0, 3)])
    }

    @Test func `is begun once the old one has its age`() throws {
        let names = try append(at: [0, 59, 60, 61, 119, 120, 500], limits(seconds: 60))
        #expect(names == [name(0, 1), name(60, 3), name(120, 6), name(500, 7)])
    }

    @Test func `counts age from the start in the name, also after a restart`() throws {
        #expect(try append(at: [0, 30], limits(seconds: 60)) == [name(0, 1)])
        let names = try append(at: [59, 60], from: 3, limits(seconds: 60))
        #expect(names == [name(0, 1), name(60, 4)])
    }

    @Test func `never starts before the one before it, though the clock went back`() throws {
        let one = header().count + line(1).count
        let names = try append(at: [100, 40, -900, 101], limits(bytes: one))
        #expect(names == [name(100, 1), name(100, 2), name(100, 3), name(101, 4)])
        let further = try append(at: [-5_000, 50, 102], from: 5, limits(bytes: one))
        #expect(Array(further.dropFirst(4)) == [name(101, 5), name(101, 6), name(102, 7)])
    }

    @Test func `is not begun by a clock that went back`() throws {
        #expect(try append(at: [100, 0, -100_000, 159], limits(seconds: 60)) == [name(100, 1)])
    }

    @Test func `says after which id it follows`() throws {
        _ = try append(at: [0, 60, 120], limits(seconds: 60))
        #expect(try folder.bytes(of: name(120, 3)) == header(afterID: 2) + line(3))
    }

    @Test func `that holds nothing yet is not followed by another, however old`() throws {
        let hour = start.advanced(byMilliseconds: 3_600_000)
        for isReopened in [false, true] {
            let folder = try folder.inner()
            let (log, _) = try EventLog.open(folder, limits: limits(seconds: 60))
            var appender = try log.makeAppender()
            try appender.prepare(firstID: .first, now: start)
            #expect(try folder.names == [name(0, 1)])
            if isReopened {
                let (again, _) = try EventLog.open(folder, limits: limits(seconds: 60))
                var appender = try again.makeAppender()
                try appender.append(group(1...2), now: hour)
            } else {
                try appender.append(group(1...2), now: hour)
            }
            #expect(try folder.names == [name(0, 1)])
            let (last, _) = try EventLog.open(folder)
            #expect(last.lastID == EventID(2))
            #expect(try last.snapshot().ids() == [1, 2])
        }
    }

    @Test func `that holds nothing yet takes the first group, however large`() throws {
        let (log, _) = try EventLog.open(folder, limits: limits(bytes: 10))
        var appender = try log.makeAppender()
        try appender.prepare(firstID: .first, now: start)
        try appender.append(group(1...2), now: start)
        #expect(try folder.names == [name(0, 1)])
    }
}
