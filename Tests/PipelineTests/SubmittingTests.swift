import EventLog
import Foundation
import Intake
import Pipeline
import Testing
import TestSupport
import TimeSeries

@Suite struct `A submitted batch` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `is on the disk when its outcome is known, each event with its id`() async throws {
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving {
            let first = try await pipeline.store([TestEvent(id: "a"), TestEvent(id: "b")])
            #expect(first == [.stored(EventID(1)), .stored(EventID(2))])
            #expect(try folder.lines().count == 2)
            #expect(pipeline.log.lastID == EventID(2))
            let second = try await pipeline.store([TestEvent(id: "c")])
            #expect(second == [.stored(EventID(3))])
            #expect(try folder.lines().map(\.identity) == ["1 a", "2 b", "3 c"])
        }
    }

    @Test func `brings the block of lines in which its own stand`() async throws {
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving {
            let batch = try pipeline.batch([TestEvent(id: "a"), TestEvent(id: "b")])
            let outcome = try await pipeline.queue.submit(batch).outcome()
            let lines = try folder.lines()
            for (result, line) in zip(outcome.results, lines) {
                let range = try #require(outcome.block.range(of: result.id))
                #expect(Array(outcome.block.bytes[range]) == Array("\(line)\n".utf8))
            }
            #expect(outcome.block.range(of: EventID(3)) == nil)
            #expect(outcome.block.range(of: .none) == nil)
        }
    }

    @Test func `has the server's time and what has passed since its own`() async throws {
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving {
            _ = try await pipeline.store([
                TestEvent(id: "a", timestamp: start.advanced(byMilliseconds: -1_500)),
                TestEvent(id: "b", timestamp: start.advanced(byMilliseconds: 20)),
            ])
        }
        let lines = try folder.lines()
        #expect(lines[0].contains(#""timestamp":"2026-11-22T13:59:58.500Z""#))
        #expect(lines[0].contains(#""processing_time_ms":1500,"#))
        #expect(lines[1].contains(#""processing_time_ms":-20,"#))
        let time = #""server_timestamp":"2026-11-22T14:00:00.000Z""#
        #expect(lines.allSatisfy { $0.contains(time) })
    }

    @Test func `shares its group with all that waited beside it`() async throws {
        let pipeline = try await Pipeline.open(folder)
        let submissions = try (0..<50).map { number in
            try pipeline.queue.submit(pipeline.batch([TestEvent(id: "\(number)")]))
        }
        #expect(pipeline.queue.depth == 50)
        try await pipeline.serving {
            for (number, submission) in submissions.enumerated() {
                let outcome = try await submission.outcome()
                #expect(outcome.results == [.stored(EventID(UInt64(number) + 1))])
                #expect(outcome.block.firstID == .first && outcome.block.count == 50)
            }
        }
        #expect(pipeline.queue.depth == 0)
    }

    @Test func `is not put into a group that would be larger than a limit`() async throws {
        let size = try EventBatch.of([TestEvent(id: "00")]).lineBytesMax
        var limits = Pipeline.Limits()
        limits.queue.groupBytesMax = size * 3
        let pipeline = try await Pipeline.open(folder, limits: limits)
        let submissions = try (10..<20).map { number in
            try pipeline.queue.submit(pipeline.batch([TestEvent(id: "\(number)")]))
        }
        var groups: Set<EventID> = []
        try await pipeline.serving {
            for submission in submissions {
                let block = try await submission.outcome().block
                #expect(block.count <= 3)
                groups.insert(block.firstID)
            }
        }
        #expect(groups == [EventID(1), EventID(4), EventID(7), EventID(10)])
    }

    @Test func `can be asked for its outcome long after it is known`() async throws {
        let pipeline = try await Pipeline.open(folder)
        let submission = try pipeline.queue.submit(pipeline.batch([TestEvent(id: "a")]))
        try await pipeline.serving {}
        #expect(try await submission.outcome().results == [.stored(.first)])
    }
}

@Suite struct `Many submitters at once` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `get ids that rise in the order of the log, in fewer groups than batches`()
        async throws
    {
        let pipeline = try await Pipeline.open(folder)
        let outcomes = try await pipeline.serving {
            try await withThrowingTaskGroup(of: [(ids: [UInt64], group: UInt64)].self) { tasks in
                for sender in 0..<16 {
                    tasks.addTask { try await send(60, from: sender, pipeline) }
                }
                return try await tasks.reduce(into: []) { $0 += $1 }
            }
        }
        let written = try folder.lines().map { Int($0.identity.prefix { $0 != " " }) }
        #expect(written == Array(1...outcomes.map(\.ids.count).reduce(0, +)))
        #expect(outcomes.flatMap(\.ids).sorted() == written.map { UInt64($0 ?? 0) })
        #expect(Set(outcomes.map(\.group)).count < outcomes.count)
        #expect(Set(try folder.lines().map(\.eventID)).count == written.count)
    }

    /// - Returns: each batch's ids and the first id of its group.
    private func send(
        _ count: Int, from sender: Int, _ pipeline: Pipeline
    ) async throws -> [(ids: [UInt64], group: UInt64)] {
        var answers: [(ids: [UInt64], group: UInt64)] = []
        for number in 0..<count {
            let events = (0...(number % 3)).map { TestEvent(id: "\(sender)-\(number)-\($0)") }
            let outcome = try await pipeline.queue.submit(pipeline.batch(events)).outcome()
            let ids = outcome.results.stored
            #expect(ids.count == events.count)
            #expect(ids == Array(ids[0]..<(ids[0] + UInt64(ids.count))))
            #expect(answers.last?.ids.last ?? 0 < ids[0])
            answers.append((ids, outcome.block.firstID.value))
        }
        return answers
    }
}

extension String {
    /// A stored line's id and event id.
    var identity: String { "\(dropFirst(6).prefix { $0 != "," }) \(eventID)" }

    var eventID: String {
        String(split(separator: "\"event_id\":\"").last?.prefix { $0 != "\"" } ?? "")
    }
}
