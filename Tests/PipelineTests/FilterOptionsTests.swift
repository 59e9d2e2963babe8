import Foundation
import Pipeline
import Testing
import TestSupport
import TimeSeries

@Suite struct `Filter options` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func check(
        _ options: FilterOptions, _ folder: ScratchFolder, sessionsMax: Int = 300
    ) throws {
        let events = try NaiveReader(folder).events
        func values(_ name: String) -> Set<String> { Set(events.compactMap { $0.fields[name] }) }
        #expect(options.sourceApps == values("source_app").sorted())
        #expect(options.types == values("type").sorted())
        var sessions: [String] = []
        for session in events.reversed().compactMap({ $0.fields["session_id"] })
        where !sessions.contains(session) {
            sessions.append(session)
        }
        #expect(options.sessionIDs == Array(sessions.prefix(sessionsMax)))
    }

    @Test(arguments: seeds(2, long: 30))
    func `are what stands in the log, as it grows and after a restart`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let log = try await RandomLog(folder, events: 60, recent: 5, &random)
        for round in 0..<3 {
            let pipeline = try await Pipeline.open(log.folder, limits: log.limits)
            try check(try await pipeline.reader.filterOptions(), log.folder)
            let seed = random.next()
            try await pipeline.serving {
                var random = SplitMix64(seed: seed)
                for step in 0..<3 {
                    let first = 100 + round * 30 + step * 10
                    try await pipeline.storeRandom(first..<(first + 10), &random)
                    try check(try await pipeline.reader.filterOptions(), log.folder)
                }
            }
        }
    }

    @Test func `list the sessions seen last, as many as the limit allows`() async throws {
        var limits = Pipeline.Limits()
        limits.options.sessionsMax = 5
        var random = SplitMix64(seed: 3)
        let pipeline = try await Pipeline.open(folder, limits: limits)
        let sessions = (0..<400).map { _ in Int.random(in: 0..<60, using: &random) }
        try await pipeline.serving {
            for (number, session) in sessions.enumerated() {
                let event = TestEvent(id: "\(number)", sessionID: "s\(session)")
                _ = try await pipeline.store([event])
                if number % 20 == 19 {
                    let options = try await pipeline.reader.filterOptions()
                    try check(options, folder, sessionsMax: 5)
                }
            }
        }
    }

    @Test func `list as many apps and types as the limit allows`() async throws {
        var limits = Pipeline.Limits()
        limits.options.valuesMax = 3
        let pipeline = try await Pipeline.open(folder, limits: limits)
        try await pipeline.serving {
            for name in ["d", "b", "a", "c", "a"] {
                _ = try await pipeline.store([TestEvent(type: "t\(name)", sourceApp: name)])
            }
            let options = try await pipeline.reader.filterOptions()
            #expect(options.sourceApps == ["a", "b", "d"])
            #expect(options.types == ["ta", "tb", "td"])
        }
    }
}
