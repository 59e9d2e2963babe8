import Intake
import Pipeline
import Testing
import TestSupport
import TimeSeries

@Suite struct `The ingest queue` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func batch(_ count: Int) throws -> EventBatch {
        try .of((0..<count).map { TestEvent(id: "\($0 + 10)") })
    }

    private func refusal(_ queue: IngestQueue, _ batch: EventBatch) -> IngestRefusal? {
        do throws(IngestRefusal) {
            _ = try queue.submit(batch)
            return nil
        } catch {
            return error
        }
    }

    private func isFull(_ queue: IngestQueue, _ batch: EventBatch) -> Bool {
        if case .queueFull = refusal(queue, batch) { true } else { false }
    }

    @Test func `takes exactly as many events as its limit, and no batch that goes over`() throws {
        var limits = IngestQueue.Limits()
        limits.eventsMax = 10
        let queue = IngestQueue(limits: limits)
        for count in [4, 3, 2] { #expect(refusal(queue, try batch(count)) == nil) }
        #expect(isFull(queue, try batch(2)))
        #expect(queue.depth == 9)
        #expect(refusal(queue, try batch(1)) == nil)
        #expect(queue.depth == 10)
        #expect(isFull(queue, try batch(1)))
        #expect(queue.depth == 10)
    }

    @Test func `takes exactly as many bytes as its limit`() throws {
        let size = try batch(1).lineBytesMax
        for slack in [-1, 0, 1] {
            var limits = IngestQueue.Limits()
            limits.bytesMax = 3 * size + slack
            let queue = IngestQueue(limits: limits)
            for _ in 0..<2 { #expect(refusal(queue, try batch(1)) == nil) }
            #expect(isFull(queue, try batch(1)) == (slack < 0))
            #expect(isFull(queue, try batch(1)))
            #expect(queue.depth == (slack < 0 ? 2 : 3))
        }
    }

    @Test func `takes any one batch while it is empty`() throws {
        var limits = IngestQueue.Limits()
        limits.eventsMax = 1
        limits.bytesMax = 1
        let queue = IngestQueue(limits: limits)
        #expect(refusal(queue, try batch(50)) == nil)
        #expect(queue.depth == 50)
        #expect(isFull(queue, try batch(1)))
    }

    @Test func `takes nothing once it is closed, full or not`() throws {
        var limits = IngestQueue.Limits()
        limits.eventsMax = 2
        let queue = IngestQueue(limits: limits)
        #expect(refusal(queue, try batch(2)) == nil)
        queue.close()
        queue.close()
        for count in [1, 2] {
            guard case .shuttingDown = refusal(queue, try batch(count)) else {
                Issue.record("a batch of \(count) was not refused for shutting down")
                continue
            }
        }
        #expect(queue.depth == 2)
    }

    @Test func `says that a retry makes sense, and when`() {
        for refusal in [IngestRefusal.queueFull, .shuttingDown] {
            #expect(refusal.retryAfterSeconds == 1)
        }
    }

    @Test func `has room again for what was written`() async throws {
        var limits = Pipeline.Limits()
        limits.queue.eventsMax = 4
        let pipeline = try await Pipeline.open(folder, limits: limits)
        let waiting = try pipeline.queue.submit(try batch(4))
        #expect(isFull(pipeline.queue, try batch(1)))
        try await pipeline.serving {
            _ = try await waiting.outcome()
            try await eventually { pipeline.queue.depth == 0 }
            #expect(refusal(pipeline.queue, try batch(4)) == nil)
        }
        #expect(pipeline.queue.depth == 0)
    }
}

/// Waits for what another thread is about to do.
func eventually(seconds: Double = 20, _ condition: () throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try !condition() {
        try #require(ContinuousClock.now < deadline, "it did not happen in \(seconds) s")
        await Task.yield()
    }
}
