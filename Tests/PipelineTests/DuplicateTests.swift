import Intake
import Pipeline
import Testing
import TestSupport
import TimeSeries

@Suite struct `An event that was sent before` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `is stored once, within a batch`() async throws {
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving {
            let results = try await pipeline.store(
                ["a", "b", "a", "a", "b"].map { TestEvent(id: $0) })
            #expect(results.stored == [1, 2])
            #expect(results.duplicates == [1, 1, 2])
            #expect(results.conflicts.isEmpty)
        }
        #expect(try folder.lines().map(\.identity) == ["1 a", "2 b"])
    }

    @Test func `is stored once, over many batches`() async throws {
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving {
            for round in 0..<4 {
                let results = try await pipeline.store([TestEvent(id: "a"), TestEvent(id: "b")])
                #expect(results.stored == (round == 0 ? [1, 2] : []))
                #expect(results.duplicates == (round == 0 ? [] : [1, 2]))
            }
        }
        #expect(try folder.lines().count == 2)
    }

    @Test func `is another event where app or id differ, and none where it has no id`()
        async throws
    {
        let pipeline = try await Pipeline.open(folder)
        let events = [
            TestEvent(id: "a"), TestEvent(id: "A"), TestEvent(id: "a", sourceApp: "other"),
            TestEvent(), TestEvent(),
        ]
        try await pipeline.serving {
            let first = try await pipeline.store(events)
            let second = try await pipeline.store(events)
            #expect(first.stored == [1, 2, 3, 4, 5])
            #expect(second.stored == [6, 7])
        }
    }

    @Test func `is stored once, however many send it at the same moment`() async throws {
        let pipeline = try await Pipeline.open(folder)
        let results = try await pipeline.serving {
            try await withThrowingTaskGroup(of: [BatchOutcome.Result].self) { tasks in
                for _ in 0..<40 {
                    tasks.addTask {
                        try await pipeline.store((0..<5).map { TestEvent(id: "\($0)") })
                    }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(results.filter { $0.stored == [1, 2, 3, 4, 5] }.count == 1)
        #expect(results.filter { $0.duplicates == [1, 2, 3, 4, 5] }.count == 39)
        #expect(try folder.lines().count == 5)
    }

    @Test func `is known in the group that is being written`() async throws {
        let pipeline = try await Pipeline.open(folder)
        let batches = try (0..<3).map { _ in try pipeline.batch([TestEvent(id: "a")]) }
        let submissions = try batches.map { try pipeline.queue.submit($0) }
        try await pipeline.serving {
            var all: [[BatchOutcome.Result]] = []
            for submission in submissions { all.append(try await submission.outcome().results) }
            #expect(all.map(\.stored) == [[1], [], []])
            #expect(all.map(\.duplicates) == [[], [1], [1]])
        }
    }

    @Test func `is known after a restart`() async throws {
        let events = (0..<20).map { TestEvent(id: "e\($0)", data: "{\"n\":\($0)}") }
        for round in 0..<3 {
            let pipeline = try await Pipeline.open(folder)
            try await pipeline.serving {
                let results = try await pipeline.store(events)
                #expect(results.stored.isEmpty == (round > 0))
                #expect(results.duplicates == (round > 0 ? Array(1...20) : []))
                #expect(results.conflicts.isEmpty)
            }
        }
        #expect(try folder.lines().count == 20)
    }

    @Test func `but says something else is a conflict, counted, and not stored`() async throws {
        let pipeline = try await Pipeline.open(folder)
        let first = TestEvent(id: "a", data: "{\"n\":1}")
        var other = first
        try await pipeline.serving {
            _ = try await pipeline.store([first])
            other.data = "{\"n\":2}"
            #expect(try await pipeline.store([other, first]).conflicts == [1])
            other = first
            other.type = "Stop"
            #expect(try await pipeline.store([other]).conflicts == [1])
            #expect(pipeline.health.report.conflicts == 2)
        }
        let again = try await Pipeline.open(folder)
        try await again.serving {
            let results = try await again.store([other, first])
            #expect(results.duplicates == [1, 1] && results.conflicts == [1])
        }
        #expect(try folder.lines().count == 1)
    }

    @Test func `is stored again once the window has moved past it`() async throws {
        var limits = Pipeline.Limits()
        limits.dedupe.eventsMax = 3
        let pipeline = try await Pipeline.open(folder, limits: limits)
        try await pipeline.serving {
            var isNew: [Bool] = []
            for id in ["a", "b", "c", "a", "b", "c", "d", "b", "c", "d", "a", "b"] {
                isNew.append(try await pipeline.store([TestEvent(id: id)]).stored.count == 1)
            }
            #expect(isNew.map { $0 ? 1 : 0 } == [1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1])
        }
        let again = try await Pipeline.open(folder, limits: limits)
        try await again.serving {
            let results = try await again.store(["d", "a", "b", "c"].map { TestEvent(id: $0) })
            #expect(results.duplicates == [4, 5, 6] && results.stored == [7])
        }
    }
}
