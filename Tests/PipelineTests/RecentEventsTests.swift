import Testing
import TestSupport
import TimeSeries

@testable import Pipeline

@Suite struct `The recent events` {
    private static func block(_ firstID: UInt64, count: Int, lineBytes: Int = 10) -> LineBlock {
        var block = LineBlock(firstID: EventID(firstID), bytesMax: 0, linesMax: 0)
        for _ in 0..<count {
            block.append { $0 += [UInt8](repeating: UInt8(firstID % 256), count: lineBytes) }
        }
        return block
    }

    private static func recent(
        events: Int = .max, bytes: Int = .max, block: Int = 0
    ) -> RecentEvents {
        var limits = RecentEvents.Limits()
        limits.eventsMax = events
        limits.bytesMax = bytes
        limits.blockBytesMax = block
        return RecentEvents(limits: limits)
    }

    private static func ids(_ recent: RecentEvents) -> [UInt64] {
        recent.blocks.flatMap { Array($0.firstID.value...$0.lastID.value) }
    }

    @Test func `are as many as the limit allows, and no more`() {
        let recent = Self.recent(events: 10)
        for first in stride(from: UInt64(1), through: 99, by: 2) {
            recent.publish(Self.block(first, count: 2))
            let lastID = first + 1
            #expect(Self.ids(recent) == Array((lastID > 10 ? lastID - 9 : 1)...lastID))
        }
    }

    @Test func `are as many bytes as the limit allows, and no more`() {
        for slack in [-1, 0, 1] {
            let recent = Self.recent(bytes: 100 + slack)
            for first in UInt64(1)...30 { recent.publish(Self.block(first, count: 1)) }
            #expect(Self.ids(recent) == Array((slack < 0 ? 22 : 21)...30))
        }
    }

    @Test func `always hold the newest block, however large it is`() {
        let recent = Self.recent(events: 10, bytes: 100)
        recent.publish(Self.block(1, count: 3))
        recent.publish(Self.block(4, count: 50))
        #expect(Self.ids(recent) == Array(4...53))
        recent.publish(Self.block(54, count: 1))
        #expect(Self.ids(recent) == [54])
    }

    @Test func `are gathered into blocks of a size while their ids are consecutive`() {
        let recent = Self.recent(block: 30)
        for first in UInt64(1)...7 { recent.publish(Self.block(first, count: 1)) }
        #expect(recent.blocks.map(\.count) == [3, 3, 1])
        recent.publish(Self.block(9, count: 1))
        #expect(recent.blocks.map(\.count) == [3, 3, 1, 1])
        #expect(Self.ids(recent) == [1, 2, 3, 4, 5, 6, 7, 9])
    }

    @Test func `keep every line's own bytes when blocks are joined`() throws {
        let recent = Self.recent(block: 1_000)
        for first in UInt64(1)...9 {
            recent.publish(Self.block(first, count: 1, lineBytes: Int(first)))
        }
        let block = try #require(recent.blocks.first)
        #expect(recent.blocks.count == 1)
        for id in UInt64(1)...9 {
            let range = try #require(block.range(of: EventID(id)))
            #expect(Array(block.bytes[range]) == [UInt8](repeating: UInt8(id), count: Int(id)))
        }
    }

    @Test func `give a reader blocks that later events do not change`() {
        let recent = Self.recent(events: 4, block: 1_000)
        recent.publish(Self.block(1, count: 2))
        let before = recent.blocks
        recent.publish(Self.block(3, count: 2))
        recent.publish(Self.block(5, count: 40))
        #expect(before.map(\.count) == [2])
        #expect(before.first?.range(of: EventID(3)) == nil)
    }

    @Test(arguments: seeds(20, long: 500))
    func `are within their limits and without a gap in a block, whatever comes`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let limits = (
            events: Int.random(in: 1...60, using: &random),
            bytes: Int.random(in: 1...900, using: &random)
        )
        let recent = Self.recent(
            events: limits.events, bytes: limits.bytes,
            block: Int.random(in: 0...200, using: &random)
        )
        var next: UInt64 = 1
        var published: [UInt64] = []
        for _ in 0..<60 {
            if random.isOnce(in: 3) { next += UInt64.random(in: 1...5, using: &random) }
            let count = Int.random(in: 1...12, using: &random)
            recent.publish(Self.block(next, count: count))
            published += Array(next..<(next + UInt64(count)))
            next += UInt64(count)
            let blocks = recent.blocks
            #expect(Self.ids(recent) == Array(published.suffix(Self.ids(recent).count)))
            guard blocks.count > 1 else { continue }
            #expect(blocks.map(\.count).reduce(0, +) <= limits.events)
            #expect(blocks.map(\.bytes.count).reduce(0, +) <= limits.bytes)
        }
    }
}
