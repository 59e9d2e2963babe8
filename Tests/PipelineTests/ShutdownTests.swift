import Pipeline
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing
import TestSupport
import TimeSeries

@Suite struct `A pipeline that is shut down` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `writes what waits, refuses what comes, and ends`() async throws {
        let pipeline = try await Pipeline.open(folder)
        let waiting = try (0..<10).map { number in
            try pipeline.queue.submit(pipeline.batch([TestEvent(id: "e\(number)")]))
        }
        pipeline.queue.close()
        let late = try pipeline.batch([TestEvent(id: "late")])
        #expect(throws: IngestRefusal.self) { try pipeline.queue.submit(late) }
        try await pipeline.run()
        for (number, submission) in waiting.enumerated() {
            let results = try await submission.outcome().results
            #expect(results == [.stored(EventID(UInt64(number) + 1))])
        }
        #expect(try folder.lines().count == 10)
    }

    @Test func `hears the graceful shutdown of its service group`() async throws {
        let pipeline = try await Pipeline.open(folder)
        try await testGracefulShutdown { trigger in
            async let running: Void = pipeline.run()
            #expect(try await pipeline.store([TestEvent(id: "a")]).stored == [1])
            let waiting = try pipeline.queue.submit(pipeline.batch([TestEvent(id: "b")]))
            trigger.triggerGracefulShutdown()
            #expect(try await waiting.outcome().results.stored == [2])
            try await running
        }
        let batch = try pipeline.batch([TestEvent(id: "c")])
        #expect(throws: IngestRefusal.self) { try pipeline.queue.submit(batch) }
        #expect(try folder.lines().count == 2)
    }

    @Test func `loses no event that was acknowledged, under load`() async throws {
        let pipeline = try await Pipeline.open(folder)
        let acknowledged = Guarded<[String]>([])
        try await testGracefulShutdown { trigger in
            async let running: Void = pipeline.run()
            await withTaskGroup(of: Void.self) { tasks in
                for sender in 0..<8 {
                    tasks.addTask {
                        await Self.send(from: sender, pipeline) { id in
                            acknowledged.change { $0.append(id) }
                        }
                    }
                }
                try? await eventually { acknowledged.value.count > 200 }
                trigger.triggerGracefulShutdown()
            }
            try await running
        }
        let stored = try folder.lines().map(\.eventID)
        #expect(Set(stored).count == stored.count)
        #expect(Set(stored) == Set(acknowledged.value))
    }

    /// Until it is refused.
    private static func send(
        from sender: Int, _ pipeline: Pipeline, _ acknowledge: (String) -> Void
    ) async {
        for number in 0... {
            let id = "\(sender)-\(number)"
            guard let results = try? await pipeline.store([TestEvent(id: id)]) else { return }
            if results.stored.count == 1 { acknowledge(id) }
        }
    }

    /// A service group cancels its services when one of them fails: a port that is taken.
    @Test func `ends when its task is cancelled`() async throws {
        let pipeline = try await Pipeline.open(folder)
        let hasEnded = Guarded(false)
        let running = Task {
            try await pipeline.run()
            hasEnded.value = true
        }
        _ = try await pipeline.store([TestEvent(id: "a")])
        running.cancel()
        await #expect(throws: Never.self) {
            try await eventually(seconds: 2) { hasEnded.value }
        }
        pipeline.queue.close()
        try await running.value
    }
}
