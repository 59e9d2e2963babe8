import NIOCore
import TimeSeries
import Testing

@testable import Streams

@Suite struct `A client's queue` {
    private func queue(frames: Int, bytes: Int = 1 << 20) -> ClientQueue {
        var limits = ClientQueue.Limits()
        (limits.framesMax, limits.bytesMax) = (frames, bytes)
        return ClientQueue(format: .webSocket, limits: limits)
    }

    private func events(_ ids: ClosedRange<UInt64>, bytes: Int = 10) -> Frames {
        Frames(
            .stream(.event), Array(repeating: 0, count: bytes), at: start, count: ids.count,
            first: ids.lowerBound, last: ids.upperBound)
    }

    @Test func `gives what it was given, in order`() {
        let queue = queue(frames: 10)
        for id in UInt64(1)...5 { _ = queue.offer(events(id...id)) }
        #expect((1...5).map { _ in queue.next()?.first } == [1, 2, 3, 4, 5])
        #expect(queue.next() == nil)
    }

    @Test func `wakes its client once until all is taken`() {
        let queue = queue(frames: 10)
        #expect(queue.offer(events(1...1)))
        #expect(!queue.offer(events(2...2)))
        while queue.next() != nil {}
        #expect(queue.offer(events(3...3)))
    }

    @Test func `loses what comes when it is full, and tells it where it was lost`() throws {
        let queue = queue(frames: 3)
        queue.setGapID("main")
        for id in UInt64(1)...9 { _ = queue.offer(events(id...id)) }
        #expect((1...3).map { _ in queue.next()?.first } == [1, 2, 3])
        // Not before the gap is told, however much room there is.
        _ = queue.offer(events(10...10))
        let gap = try #require(try queue.received().first)
        #expect(gap.type == "gap")
        #expect(gap.text("id") == "main" && gap.text("reason") == "slow")
        #expect(gap.number("from_id") == 4 && gap.number("to_id") == 10)
        #expect(gap.number("dropped") == 7)
        _ = queue.offer(events(11...12))
        #expect(queue.next()?.first == 11)
    }

    @Test func `is full by bytes too, but for a first frame that is larger than all room`() {
        let queue = queue(frames: 100, bytes: 50)
        _ = queue.offer(events(1...1, bytes: 1_000))
        #expect(queue.next()?.first == 1)
        for id in UInt64(2)...9 { _ = queue.offer(events(id...id, bytes: 20)) }
        #expect(queue.next()?.first == 2)
        #expect(queue.next()?.first == 3)
        #expect((1...9).filter { queue.hasLost(EventID($0)) } == [4, 5, 6, 7, 8, 9])
    }

    @Test func `never loses an answer`() {
        let queue = queue(frames: 1)
        for _ in 1...5 { _ = queue.offer(Frames(.reply, [1], at: start)) }
        #expect((1...5).allSatisfy { _ in queue.next()?.bytes.readableBytes == 1 })
        #expect(queue.next() == nil)
    }

    @Test func `has more answers than a client may leave unread, and not more of the log`() {
        let queue = queue(frames: 4)
        _ = queue.offer(Frames(.replay, [1], at: start, count: 1_000))
        for _ in 1...4 { _ = queue.offer(Frames(.reply, [1], at: start)) }
        #expect(!queue.isOverfull)
        _ = queue.offer(Frames(.reply, [1], at: start))
        #expect(queue.isOverfull)
        while queue.next() != nil {}
        #expect(!queue.isOverfull)
    }

    @Test func `tells of each kind apart what was lost of it`() throws {
        let queue = queue(frames: 1)
        _ = queue.offer(Frames(.reply, [], at: start))
        for id in UInt64(1)...4 { _ = queue.offer(events(id...id)) }
        _ = queue.offer(Frames(.stream(.metric), [0], at: start, first: 4, last: 4))
        _ = queue.next()
        let gaps = try queue.received()
        #expect(Set(gaps.map { $0.text("stream") }) == ["event", "metric"])
        #expect(gaps.map { $0.number("dropped") ?? 0 }.sorted() == [1, 4])
    }

    @Test func `lets a reader of the log wait for room`() async {
        let queue = queue(frames: 10)
        await queue.waitForRoom()
        for id in UInt64(1)...10 { _ = queue.offer(events(id...id)) }
        async let waiting: Void = queue.waitForRoom()
        while queue.next() != nil { await Task.yield() }
        await waiting
        _ = queue.offer(events(11...20))
        async let again: Void = queue.waitForRoom()
        queue.finish()
        await again
        #expect(queue.next() == nil)
    }
}
