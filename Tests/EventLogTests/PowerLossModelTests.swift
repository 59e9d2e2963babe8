import EventLog
import Testing
import TestSupport
import TimeSeries

/// The power fails while a group is written, again and again in one log: each block of the group is there
/// or zeros, some are torn at a sector, and the file may end at any page.
@Suite struct `Recovery after power loss` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test(arguments: seeds(10, long: 1_000))
    func `keeps what was durable, and whole lines of what was not`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var limits = EventLog.Limits()
        limits.partitionBytesMax = random.pick([20_000, 400_000, .max])
        var durable: [UInt64] = []
        var mayBeThere: Set<UInt64> = []
        var mustBeThere: [UInt64] = []
        for _ in 0..<6 {
            let (log, _) = try EventLog.open(folder, limits: limits)
            let found = try log.snapshot().ids()
            #expect(found.starts(with: durable))
            #expect(mayBeThere.isSuperset(of: found.dropFirst(durable.count)))
            #expect(Set(found).isSuperset(of: mustBeThere))
            try readsFromAnyPlace(log.snapshot(), found, &random)
            if !found.isEmpty { try findsTheSameAgain(log, found) }

            var appender = try log.makeAppender()
            let kept = LostGroup(after: log.lastID, &random)
            try appender.append(kept.group, now: start)
            durable = found + kept.ids
            let lost = LostGroup(after: kept.group.lastID, &random)
            try appender.append(lost.group, now: start)
            mayBeThere = Set(lost.ids)
            mustBeThere = try lost.lose(in: folder, &random)
        }
    }

    private func readsFromAnyPlace(
        _ snapshot: LogSnapshot, _ ids: [UInt64], _ random: inout SplitMix64
    ) throws {
        #expect(try snapshot.idsBackward() == ids.reversed())
        for _ in 0..<2 {
            let id = UInt64.random(in: 0...((ids.last ?? 0) + 1), using: &random)
            #expect(try snapshot.ids(after: id) == ids.filter { $0 > id })
            #expect(try snapshot.idsBackward(before: id) == ids.filter { $0 < id }.reversed())
        }
    }

    private func findsTheSameAgain(_ log: EventLog, _ ids: [UInt64]) throws {
        let (again, report) = try EventLog.open(folder, logID: "other")
        #expect(again.logID == log.logID)
        #expect(again.lastID == log.lastID)
        #expect(try again.snapshot().ids() == ids)
        #expect(report.bytesCut == 0 && report.lineEndsRestored == 0)
    }
}

/// A group at the end of the newest partition.
private struct LostGroup {
    let ids: [UInt64]
    private let lines: [[UInt8]]

    init(after id: EventID, _ random: inout SplitMix64) {
        ids = Array((id.value + 1)...(id.value + .random(in: 1...40, using: &random)))
        lines = ids.map { id in
            let size = random.isOnce(in: 15) ? 4_000...40_000 : 0...900
            return line(id, bytes: .random(in: size, using: &random))
        }
    }

    var group: LineGroup {
        LineGroup(
            bytes: Array(lines.joined()), firstID: EventID(ids.first ?? 0),
            lastID: EventID(ids.last ?? 0))
    }

    /// - Returns: the ids of the lines that survive with all their bytes.
    func lose(in folder: ScratchFolder, _ random: inout SplitMix64) throws -> [UInt64] {
        let name = try #require(try folder.names.last)
        let whole = try folder.bytes(of: name)
        let start = whole.count - lines.joined().count
        let end = random.pick([whole.count, .random(in: start...whole.count, using: &random)])
        var bytes = Array(whole.prefix(end == whole.count ? end : max(start, end & ~4_095)))
        for lost in Self.lostStretches(start..<bytes.count, &random) {
            bytes.replaceSubrange(lost, with: zeros(lost.count))
        }
        try folder.write(bytes, to: name)
        var survivors: [UInt64] = []
        var place = start
        for (id, line) in zip(ids, lines) {
            let range = place..<(place + line.count)
            if range.upperBound <= bytes.count, bytes[range] == line[...] { survivors.append(id) }
            place = range.upperBound
        }
        return survivors
    }

    /// Whole blocks, or some sectors of one.
    private static func lostStretches(
        _ range: Range<Int>, _ random: inout SplitMix64
    ) -> [Range<Int>] {
        let chance = Int.random(in: 1...4, using: &random)
        var lost: [Range<Int>] = []
        for block in stride(from: range.lowerBound & ~4_095, to: range.upperBound, by: 4_096)
        where random.isOnce(in: chance) {
            let isTorn = random.isOnce(in: 2)
            for sector in stride(from: block, to: block + 4_096, by: 512)
            where !isTorn || random.isOnce(in: 2) {
                lost.append((sector..<(sector + 512)).clamped(to: range))
            }
        }
        return lost
    }
}
