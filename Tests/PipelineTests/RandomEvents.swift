import EventLog
import Foundation
import Pipeline
import Testing
import TestSupport
import TimeSeries

/// Few names and words, so that filters find something, and each in several spellings.
enum RandomEvents {
    private static let types = ["PreToolUse", "PostToolUse", "Stop", "St\\u006fp", "S\\u00e3o"]
    private static let apps = ["api", "web", "a\\u0070i", "\\\"quoted\\\""]
    private static let sessions = ["s1", "s2", "s3", "s4", "s5", "s6"]
    private static let agents: [String?] = [nil, nil, "a1", "a2", "a\\u0031"]
    private static let words = [
        "ls -la", "LS -LA", "a\\u00e7\\u00e3o", "ação", "AÇÃO", "needle", "Need\\u006Ce", "x",
        "back\\\\slash", "tab\\tbed", "\\ud83d\\ude00",
    ]
    private static let hourMilliseconds: Int64 = 3_600_000

    static func event(_ number: Int, _ random: inout SplitMix64) -> TestEvent {
        let word = random.pick(words)
        let other = random.pick(words)
        let pad = String(repeating: "p", count: Int.random(in: 0...200, using: &random))
        let data = [
            "{\"command\":\"\(word)\"}", "[1,{\"needle\":\"\(other)\"},[\"\(word)\"]]",
            "\"\(word)\(other)\"", "{\"n\":\(number),\"pad\":\"\(pad)\"}", "null",
        ]
        return TestEvent(
            id: "e\(number)", type: random.pick(types), sourceApp: random.pick(apps),
            sessionID: random.pick(sessions), agentID: random.pick(agents),
            timestamp: moment(&random), data: random.pick(data))
    }

    static func query(upTo lastID: UInt64, _ random: inout SplitMix64) -> EventQuery {
        var query = EventQuery()
        query.order = random.pick([.newestFirst, .oldestFirst])
        let ids = 0...(lastID + 2)
        if random.isOnce(in: 3) { query.after = EventID(UInt64.random(in: ids, using: &random)) }
        if random.isOnce(in: 3) { query.before = EventID(UInt64.random(in: ids, using: &random)) }
        query.filter = filter(&random)
        return query
    }

    private static func filter(_ random: inout SplitMix64) -> EventFilter {
        var filter = EventFilter()
        if random.isOnce(in: 4) { filter.types = values(["Stop", "São", "none"], &random) }
        if random.isOnce(in: 4) { filter.sourceApps = values(["api", "\"quoted\""], &random) }
        if random.isOnce(in: 4) { filter.sessionIDs = values(sessions, &random) }
        if random.isOnce(in: 5) { filter.agentIDs = values(["a1", "a2"], &random) }
        if random.isOnce(in: 5) { filter.from = moment(&random) }
        if random.isOnce(in: 5) { filter.to = moment(&random) }
        if random.isOnce(in: 4) {
            filter.text = random.pick([
                "needle", "NEEDLE", "ação", "AÇÃO", "ls -", "k\\s", "\tb", "😀", "14:0", "",
                "absent",
            ])
        }
        return filter
    }

    private static func values(_ all: [String], _ random: inout SplitMix64) -> [String] {
        Array(all.shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random)))
    }

    private static func moment(_ random: inout SplitMix64) -> Timestamp {
        start.advanced(
            byMilliseconds: -Int64.random(in: 0...hourMilliseconds, using: &random))
    }
}

extension Pipeline {
    /// Stores random events in batches of random sizes.
    func storeRandom(_ numbers: Range<Int>, _ random: inout SplitMix64) async throws {
        var rest = numbers
        while !rest.isEmpty {
            let batch = rest.prefix(Int.random(in: 1...12, using: &random))
            rest = batch.upperBound..<rest.upperBound
            _ = try await store(batch.map { RandomEvents.event($0, &random) })
        }
    }
}

/// A log of many partitions, with a gap in its ids, and how much of it is kept in memory.
struct RandomLog {
    let folder: ScratchFolder
    var limits = Pipeline.Limits()
    let lastID: UInt64

    init(
        _ folder: ScratchFolder, events: Int, recent: Int, _ random: inout SplitMix64
    ) async throws {
        self.folder = folder
        limits.log.partitionBytesMax = 12_000
        limits.recent.eventsMax = recent
        limits.recent.blockBytesMax = 2_000
        let half = events / 2
        try await Self.fill(folder, limits, 0..<half, &random)
        // An empty partition whose name leaves ids out, as a failed group does.
        let burned = String(format: "20261122T140000Z-%020d.ndjson", half + 8)
        try folder.write([], to: burned)
        try await Self.fill(folder, limits, half..<events, &random)
        lastID = UInt64(events + 7)
    }

    private static func fill(
        _ folder: ScratchFolder, _ limits: Pipeline.Limits, _ numbers: Range<Int>,
        _ random: inout SplitMix64
    ) async throws {
        let pipeline = try await Pipeline.open(folder, limits: limits)
        let seed = random.next()
        try await pipeline.serving {
            var random = SplitMix64(seed: seed)
            try await pipeline.storeRandom(numbers, &random)
        }
    }
}
