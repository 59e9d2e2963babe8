import EventLog
import Foundation
import Pipeline
import Testing
import TestSupport
import TimeSeries

/// Power loss and bit rot leave lines whose head is whole and whose rest is not.
@Suite struct `Events from a damaged log` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func damaged(
        events: Range<Int>, recent: Int = 0, _ damage: (inout [UInt8], [Range<Int>]) -> Void
    ) async throws -> Pipeline {
        let first = try await Pipeline.open(folder)
        try await first.serving {
            _ = try await first.store(
                events.map { TestEvent(id: "e\($0)", data: "{\"text\":\"some words\"}") })
        }
        try folder.edit(try folder.partitions[0]) { bytes in
            let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
            let lines = zip(ends, ends.dropFirst()).map { $0 + 1..<$1 + 1 }
            damage(&bytes, lines)
        }
        var limits = Pipeline.Limits()
        limits.recent.eventsMax = recent
        limits.recent.blockBytesMax = 0
        return try await Pipeline.open(folder, limits: limits)
    }

    /// Zeros in the data of a line, before its end.
    private static func zeros(in line: Range<Int>, _ bytes: inout [UInt8]) {
        for index in (line.upperBound - 12)..<(line.upperBound - 6) { bytes[index] = 0 }
    }

    @Test(arguments: [1, 10_000])
    func `are whole JSON, one and all, from memory and from files`(recent: Int) async throws {
        let pipeline = try await damaged(events: 0..<20, recent: recent) { bytes, lines in
            for place in [3, 4, 11] { Self.zeros(in: lines[place], &bytes) }
        }
        #expect(pipeline.recovery.damage.count == 2)
        let intact = (1...20).filter { ![4, 5, 12].contains($0) }.map(UInt64.init)
        for order in [EventQuery.Order.newestFirst, .oldestFirst] {
            var query = EventQuery()
            query.order = order
            let page = try await pipeline.reader.page(query, limit: 100)
            let expected = order == .oldestFirst ? intact : intact.reversed()
            #expect(try page.ids() == expected)
            var stream = try await pipeline.reader.stream(query)
            var ids: [UInt64] = []
            while let page = try await stream.next() { ids += try page.ids() }
            #expect(ids == expected)
        }
        for id in UInt64(1)...20 {
            let isThere = try await pipeline.reader.event(EventID(id)) != nil
            #expect(isThere == intact.contains(id), "\(id)")
        }
    }

    /// The end of a group that was not acknowledged: its lines are damaged, and its ids come again.
    @Test func `are all found before any id, where the damage was at the end`() async throws {
        let pipeline = try await damaged(events: 0..<3_000) { bytes, lines in
            for line in lines[500...] { Self.zeros(in: line, &bytes) }
        }
        #expect(pipeline.log.lastID >= EventID(500))
        try await pipeline.serving {
            for number in 0..<300 { _ = try await pipeline.store([TestEvent(id: "n\(number)")]) }
        }
        let lines = try folder.lines().filter { !$0.utf8.contains(0) }
        let ids = lines.compactMap { UInt64($0.identity.prefix { $0 != " " }) }
        #expect(ids.count == 800)
        for id in stride(from: UInt64(1), through: (ids.last ?? 0) + 1, by: 37) {
            var query = EventQuery()
            query.before = EventID(id)
            let page = try await pipeline.reader.page(query, limit: 3)
            let expected = ids.filter { $0 < id }.suffix(3).reversed()
            #expect(try page.ids() == Array(expected), "before \(id)")
        }
    }

    @Test func `that are sent again are stored, since the damaged ones are no more`() async throws {
        let pipeline = try await damaged(events: 0..<5) { bytes, lines in
            Self.zeros(in: lines[2], &bytes)
        }
        try await pipeline.serving {
            let results = try await pipeline.store(
                (0..<5).map { TestEvent(id: "e\($0)", data: "{\"text\":\"some words\"}") })
            #expect(results.duplicates == [1, 2, 4, 5])
            #expect(results.stored == [6])
        }
        #expect(try folder.lines().count == 6)
    }
}

extension EventPage {
    /// The ids, of lines that are JSON.
    func ids() throws -> [UInt64] {
        try lines.map { range in
            let object = try JSONSerialization.jsonObject(with: Data(bytes[range]))
            return try #require((object as? [String: Any])?["id"] as? UInt64)
        }
    }
}
