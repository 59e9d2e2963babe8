import EventLog
import Foundation
import Pipeline
import TestSupport
import Testing
import TimeSeries

@Suite struct `The sealing service` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// A log of three partitions with one event each.
    private func log() async throws -> EventLog {
        var limits = Pipeline.Limits()
        limits.log.partitionBytesMax = 1
        let pipeline = try await Pipeline.open(folder, limits: limits)
        try await pipeline.serving {
            for id in ["a", "b", "c"] { _ = try await pipeline.store([TestEvent(id: id)]) }
        }
        return pipeline.log
    }

    /// Runs the service until it has told so many outcomes.
    private func outcomes(
        _ count: Int, _ log: EventLog, _ policy: SealingPolicy, now: Timestamp
    ) async -> [SealingService.Outcome] {
        let (stream, feed) = AsyncStream.makeStream(of: SealingService.Outcome.self)
        let service = SealingService(log, policy, now: { now }) { feed.yield($0) }
        return await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            var outcomes: [SealingService.Outcome] = []
            for await outcome in stream {
                outcomes.append(outcome)
                if outcomes.count == count { break }
            }
            group.cancelAll()
            return outcomes
        }
    }

    private var now: Timestamp { start.advanced(byMilliseconds: SealingPolicy().ageMilliseconds) }

    @Test func `seals what is closed, and tells of it`() async throws {
        let log = try await log()
        let outcomes = await outcomes(2, log, SealingPolicy(), now: now)
        let sealed = outcomes.compactMap { outcome in
            if case .sealed(let partition) = outcome { partition.fileName } else { nil }
        }
        #expect(sealed == log.snapshot().partitions.dropLast().map(\.fileName))
        #expect(log.sealable.isEmpty)
        #expect(log.snapshot().partitions.map(\.isSealed) == [true, true, false])
    }

    @Test func `tells of what cannot be sealed, and seals the others`() async throws {
        let log = try await log()
        let obstacle = log.sealable[0].name.sealedFileName
        try FileManager.default.createDirectory(
            atPath: folder.path + "/" + obstacle + "/x", withIntermediateDirectories: true)
        let outcomes = await outcomes(2, log, SealingPolicy(), now: now)
        guard case .failed(let error, let fileName) = outcomes[0], case .sealed = outcomes[1] else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(error.operation == "rename" && obstacle == fileName + ".zst")
        #expect(log.snapshot().partitions.map(\.isSealed) == [false, true, false])
    }

    @Test func `waits until a partition has its age`() {
        let policy = SealingPolicy()
        #expect(policy.isDue(start, now: now))
        #expect(!policy.isDue(start, now: now.advanced(byMilliseconds: -1)))
        #expect(!policy.isDue(start, now: Timestamp(milliseconds: 0)))
    }

    @Test func `seals nothing at level 0`() {
        var policy = SealingPolicy()
        #expect(policy.options != nil)
        policy.level = 0
        #expect(policy.options == nil)
    }
}
