import EventLine
import EventLog
import Testing
import TestSupport
import TimeSeries

/// Reads of a snapshot against a plain list of all lines.
@Suite struct `A snapshot` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// Chunks are 256 KiB; a line that is longer makes them grow.
    private static let chunk = 256 << 10

    /// Line sizes whose ends stand just before, at and just behind the ends of chunks, counted from
    /// either side; lines larger than one chunk, and than four.
    private static func sizes(_ random: inout SplitMix64) -> [Int] {
        var sizes: [Int] = []
        for border in [-1, 0, 1] {
            sizes += [chunk - header().count + border, chunk / 2, chunk / 2 - border]
            sizes += [400, 400, chunk + border, 400, 1_100_000, 400]
        }
        for _ in 0..<12 { sizes.append(Int.random(in: 300...120_000, using: &random)) }
        return sizes.shuffled(using: &random)
    }

    /// Lines in several partitions, ids with gaps.
    private func log(
        _ random: inout SplitMix64, partitions: Int
    ) throws -> (ids: [UInt64], sizes: [UInt64: Int]) {
        var next: UInt64 = 1
        var last: UInt64 = 0
        var sizes: [UInt64: Int] = [:]
        for _ in 0..<partitions {
            var bytes = header(afterID: last)
            let name = fileName(firstID: next)
            for size in Self.sizes(&random) {
                sizes[next] = size
                bytes += line(next, bytes: size)
                last = next
                next += random.isOnce(in: 4) ? UInt64.random(in: 2...9, using: &random) : 1
            }
            try folder.write(bytes, to: name)
        }
        return (sizes.keys.sorted(), sizes)
    }

    @Test(arguments: seeds(1, long: 20))
    func `gives the lines after any id and before any id, whole and in order`(
        seed: UInt64
    ) throws {
        var random = SplitMix64(seed: seed)
        let (ids, sizes) = try log(&random, partitions: 2)
        let snapshot = try EventLog.open(folder).log.snapshot()
        for id in 0...((ids.last ?? 0) + 1) {
            let after = ids.filter { $0 > id }
            let found = try snapshot.firstIDs(4, after: id)
            #expect(found == Array(after.prefix(4)), "after \(id)")
            let before = ids.filter { $0 < id }.reversed()
            let foundBackward = try snapshot.firstIDs(4, before: id)
            #expect(foundBackward == Array(before.prefix(4)), "before \(id)")
        }
        #expect(try snapshot.ids() == ids)
        #expect(try snapshot.idsBackward() == ids.reversed())
        try checkBytes(snapshot, sizes)
    }

    /// Every line has its own bytes, and every chunk is of whole lines, told with its place.
    private func checkBytes(_ snapshot: LogSnapshot, _ sizes: [UInt64: Int]) throws {
        var cursor = try snapshot.lines(after: .none)
        var count = 0
        while let chunk = try cursor.next() {
            #expect(chunk.bytes.last == UInt8(ascii: "\n"))
            chunk.forEachLine { range in
                let bytes = Array(chunk.bytes[range])
                guard let id = EventEnvelope.id(of: bytes.span)?.value else { return true }
                #expect(bytes == line(id, bytes: sizes[id] ?? 0))
                count += 1
                return true
            }
        }
        #expect(count == sizes.count)
    }

    @Test func `is not changed by what is appended later, by rolling neither`() throws {
        var limits = EventLog.Limits()
        limits.partitionBytesMax = 2_000
        let (log, _) = try EventLog.open(folder, limits: limits)
        var appender = try log.makeAppender()
        var snapshots: [(last: UInt64, snapshot: LogSnapshot)] = []
        for first in stride(from: UInt64(1), through: 91, by: 10) {
            snapshots.append((first - 1, log.snapshot()))
            try appender.append(group(first...(first + 9)), now: start)
        }
        for (last, snapshot) in snapshots {
            let expected = Array(UInt64(1)..<(last + 1))
            #expect(try snapshot.ids() == expected)
            #expect(try snapshot.idsBackward() == expected.reversed())
        }
        #expect(try folder.names.count > 5)
    }

    @Test func `of an empty log has nothing`() throws {
        let (log, _) = try EventLog.open(folder)
        #expect(try log.snapshot().ids().isEmpty)
        #expect(try log.snapshot().idsBackward().isEmpty)
    }

    @Test func `can stop among the lines of a chunk`() throws {
        try folder.write(header() + lines(1...9), to: fileName(firstID: 1))
        var cursor = try EventLog.open(folder).log.snapshot().lines(after: .none)
        let chunk = try #require(try cursor.next())
        for newestFirst in [false, true] {
            var seen = 0
            let isWhole = chunk.forEachLine(newestFirst: newestFirst) { _ in
                seen += 1
                return seen < 4
            }
            #expect(!isWhole && seen == 4)
        }
    }
}

extension LogSnapshot {
    // The first chunk may begin with lines on the wrong side of the id.

    fileprivate func firstIDs(_ count: Int, after id: UInt64) throws -> [UInt64] {
        var ids: [UInt64] = []
        var cursor = try lines(after: EventID(id))
        while ids.count < count, let chunk = try cursor.next() {
            ids += chunk.ids.filter { $0 > id }
        }
        return Array(ids.prefix(count))
    }

    fileprivate func firstIDs(_ count: Int, before id: UInt64) throws -> [UInt64] {
        var ids: [UInt64] = []
        var cursor = try linesBackward(before: EventID(id))
        while ids.count < count, let chunk = try cursor.next() {
            ids += chunk.ids.reversed().filter { $0 < id }
        }
        return Array(ids.prefix(count))
    }
}
