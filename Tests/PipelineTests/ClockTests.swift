import EventLog
import Pipeline
import Testing
import TestSupport
import TimeSeries

@Suite struct `A clock that goes back` {
    private let folder: ScratchFolder
    private let clock = TestClock()

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `changes neither the order of the log nor what is a duplicate`() async throws {
        var limits = Pipeline.Limits()
        limits.log.partitionAgeMillisecondsMax = 60_000
        let days: [Int64] = [0, -1, 2, -700, 0, 3]
        for (round, day) in days.enumerated() {
            clock.advance(milliseconds: day * 86_400_000)
            let pipeline = try await Pipeline.open(folder, limits: limits, now: clock.now)
            try await pipeline.serving {
                let first = try await pipeline.store([TestEvent(id: "e\(round)")])
                let again = try await pipeline.store([TestEvent(id: "e\(round)")])
                clock.advance(milliseconds: -5_000)
                let later = try await pipeline.store([TestEvent(id: "l\(round)")])
                let id = UInt64(round * 2 + 1)
                #expect(first.stored == [id] && again.duplicates == [id])
                #expect(later.stored == [id + 1])
            }
        }
        let ids = try folder.lines().map { String($0.identity.prefix { $0 != " " }) }
        #expect(ids == (1...12).map(String.init))
        let starts = try folder.partitions.map { String($0.prefix(16)) }
        #expect(starts == starts.sorted())
        #expect(starts.count > 1)
    }
}
