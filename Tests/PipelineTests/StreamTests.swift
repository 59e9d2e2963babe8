import EventLog
import Pipeline
import Testing
import TestSupport
import TimeSeries

@Suite struct `A stream of events` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func lines(_ stream: EventStream) async throws -> [[UInt8]] {
        var stream = stream
        var lines: [[UInt8]] = []
        while let page = try await stream.next() {
            lines += page.lines.map { Array(page.bytes[$0]) }
        }
        return lines
    }

    @Test(arguments: seeds(2, long: 30))
    func `is all that a query leaves, in its order`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let log = try await RandomLog(folder, events: 150, recent: 20, &random)
        let pipeline = try await Pipeline.open(log.folder, limits: log.limits)
        let naive = try NaiveReader(log.folder)
        for _ in 0..<40 {
            let query = RandomEvents.query(upTo: log.lastID, &random)
            let stream = try await pipeline.reader.stream(query)
            #expect(try await lines(stream) == naive.lines(query).map(\.line), "\(query)")
        }
    }

    @Test func `comes chunk by chunk and not as a whole`() async throws {
        let pipeline = try await Pipeline.open(folder)
        let pad = String(repeating: "x", count: 10_000)
        try await pipeline.serving {
            for number in 0..<100 {
                _ = try await pipeline.store([TestEvent(id: "\(number)", data: "\"\(pad)\"")])
            }
        }
        var stream = try await pipeline.reader.stream(EventQuery())
        var sizes: [Int] = []
        while let page = try await stream.next() { sizes.append(page.bytes.count) }
        #expect(sizes.reduce(0, +) > 1_000_000)
        #expect(try #require(sizes.max()) <= 256 << 10)
    }

    @Test func `ends with what was there when it began`() async throws {
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving {
            _ = try await pipeline.store([TestEvent(id: "a")])
            var query = EventQuery()
            query.order = .oldestFirst
            let stream = try await pipeline.reader.stream(query)
            _ = try await pipeline.store([TestEvent(id: "b")])
            #expect(try await lines(stream).count == 1)
        }
    }
}

@Suite struct `A reader that follows the log` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test(arguments: [3, 10_000])
    func `sees each event once while others are written`(recent: Int) async throws {
        var limits = Pipeline.Limits()
        limits.recent.eventsMax = recent
        limits.recent.blockBytesMax = 500
        limits.log.partitionBytesMax = 8_000
        let pipeline = try await Pipeline.open(folder, limits: limits)
        let isDone = Guarded(false)
        try await pipeline.serving {
            async let seen = follow(pipeline.reader) { isDone.value }
            for number in 0..<150 { _ = try await pipeline.store([TestEvent(id: "\(number)")]) }
            isDone.value = true
            let written = try folder.lines().map { Array("\($0)\n".utf8) }
            #expect(try await seen == written)
        }
    }

    /// Asks for what is newer than the last one seen, until there is no more to come.
    private func follow(
        _ reader: EventReader, isDone: @Sendable () -> Bool
    ) async throws -> [[UInt8]] {
        var query = EventQuery()
        query.order = .oldestFirst
        var seen: [[UInt8]] = []
        while true {
            let wasDone = isDone()
            let page = try await reader.page(query, limit: 7)
            seen += page.lines.map { Array(page.bytes[$0]) }
            query.after = page.lastID ?? query.after
            if wasDone && page.lines.isEmpty { return seen }
            await Task.yield()
        }
    }
}
