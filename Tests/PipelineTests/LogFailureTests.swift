import EventLog
import Pipeline
import Synchronization
import Testing
import TestSupport
import TimeSeries

/// The log's folder is taken away, so that no partition can be begun; then it is given back.
@Suite struct `A log that cannot be written` {
    private let folder: ScratchFolder
    private let clock = TestClock()

    init() throws {
        folder = try ScratchFolder()
    }

    /// Holds the event «z», and begins a partition with every group that comes at another moment.
    private func open(_ folder: ScratchFolder) async throws -> Pipeline {
        var limits = Pipeline.Limits()
        limits.log.partitionAgeMillisecondsMax = 1
        return try await Pipeline.open(folder, limits: limits, now: clock.now)
    }

    private func lose(_ folder: ScratchFolder, _ pipeline: Pipeline) async throws {
        #expect(try await pipeline.store([TestEvent(id: "z")]) == [.stored(.first)])
        clock.advance(milliseconds: 1_000)
        try folder.remove()
    }

    private func refusal(_ pipeline: Pipeline, _ id: String) async throws -> LogError? {
        let batch = try pipeline.batch([TestEvent(id: id)])
        do throws(IngestRefusal) {
            _ = try await pipeline.queue.submit(batch).outcome()
            return nil
        } catch {
            guard case .logFailed(let error) = error else { throw error }
            return error
        }
    }

    @Test func `refuses batches with the reason, and takes them again by itself`() async throws {
        let pipeline = try await open(folder)
        try await pipeline.serving {
            #expect(pipeline.health.report.failure == nil)
            try await lose(folder, pipeline)
            #expect(try await refusal(pipeline, "a")?.operation == "create")
            #expect(pipeline.health.report.failure != nil)
            #expect(pipeline.health.report.groupsFailed >= 1)
            try folder.restore()
            clock.advance(milliseconds: 100)
            #expect(try await refusal(pipeline, "a") == nil)
            #expect(pipeline.health.report.failure == nil)
        }
        #expect(try folder.lines().map(\.eventID) == ["a"])
    }

    /// Beside this pause the writer tries the disk now and then by itself, in real time: on a machine that
    /// stalls for so long the story is told once more.
    @Test func `leaves the disk alone for a moment, and refuses at once meanwhile`() async throws {
        for attempt in 0..<10 {
            let folder = try folder.inner()
            let pipeline = try await open(folder)
            let begin = ContinuousClock.now
            let wasRefused = try await pipeline.serving {
                try await lose(folder, pipeline)
                #expect(try await refusal(pipeline, "a") != nil)
                try folder.restore()
                clock.advance(milliseconds: 99)
                let wasRefused = try await refusal(pipeline, "a") != nil
                clock.advance(milliseconds: 1)
                #expect(try await refusal(pipeline, "a") == nil)
                return wasRefused
            }
            guard ContinuousClock.now - begin > .milliseconds(900) else {
                #expect(wasRefused)
                return
            }
            try #require(attempt < 9, "the machine stalls again and again")
        }
    }

    @Test func `is tried again though nobody sends anything`() async throws {
        let pipeline = try await open(folder)
        try await pipeline.serving {
            try await lose(folder, pipeline)
            #expect(try await refusal(pipeline, "a") != nil)
            try folder.restore()
            try await eventually { pipeline.health.report.failure == nil }
            #expect(try await refusal(pipeline, "a") == nil)
        }
        #expect(try folder.lines().map(\.eventID) == ["a"])
    }

    @Test func `is tried at once where the clock went back meanwhile`() async throws {
        let pipeline = try await open(folder)
        try await pipeline.serving {
            try await lose(folder, pipeline)
            #expect(try await refusal(pipeline, "a") != nil)
            try folder.restore()
            clock.advance(milliseconds: -3_600_000)
            #expect(try await refusal(pipeline, "a") == nil)
        }
    }

    @Test func `burns the ids of a failed group and remembers none of its keys`() async throws {
        let pipeline = try await open(folder)
        try await pipeline.serving {
            try await lose(folder, pipeline)
            #expect(try await refusal(pipeline, "a") != nil)
            clock.advance(milliseconds: 100)
            #expect(try await refusal(pipeline, "b") != nil)
            try folder.restore()
            clock.advance(milliseconds: 100)
            #expect(try await pipeline.store([TestEvent(id: "a")]) == [.stored(EventID(4))])
            #expect(try await pipeline.store([TestEvent(id: "b")]) == [.stored(EventID(5))])
            #expect(try await pipeline.store([TestEvent(id: "a")]).duplicates == [4])
            #expect(try await pipeline.reader.event(EventID(2)) == nil)
        }
        #expect(try folder.lines().map(\.identity) == ["4 a", "5 b"])
    }

    @Test func `still answers for what it has, and is not thought well for it`() async throws {
        let pipeline = try await open(folder)
        try await pipeline.serving {
            try await lose(folder, pipeline)
            #expect(try await refusal(pipeline, "b") != nil)
            clock.advance(milliseconds: 100)
            #expect(try await pipeline.store([TestEvent(id: "z")]).duplicates == [1])
            #expect(pipeline.health.report.failure != nil)
        }
    }
}

/// A clock that goes where a test sends it.
final class TestClock: Sendable {
    private let moment = Mutex(start)

    var now: @Sendable () -> Timestamp {
        { [self] in moment.withLock { $0 } }
    }

    func advance(milliseconds: Int64) {
        moment.withLock { $0 = $0.advanced(byMilliseconds: milliseconds) }
    }
}
