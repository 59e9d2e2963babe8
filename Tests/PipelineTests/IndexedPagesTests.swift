import EventLog
import Pipeline
import Storage
import TestSupport
import Testing
import TimeSeries

/// The same questions as without an index, against a filter over all events.
@Suite struct `Events found by the index` {
    private let folder, store: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        store = try ScratchFolder()
    }

    @Test(arguments: [1, 10_000], seeds(1, long: 40))
    func `are those of the log, stored, pending and behind the index`(
        recent: Int, seed: UInt64
    ) async throws {
        var random = SplitMix64(seed: seed)
        let log = try await RandomLog(folder, events: 400, recent: recent, &random)
        // The second time goes on from what the first has stored.
        for (round, flushMilliseconds) in [(0, 60_000), (1, 5), (2, 5)] {
            let indexed = try await IndexedLog(
                folder, store: store, log.limits, flushMilliseconds: flushMilliseconds)
            let seed = random.next()
            try await indexed.serving {
                var random = SplitMix64(seed: seed)
                let first = 400 + round * 120
                for step in stride(from: first, to: first + 120, by: 40) {
                    try await indexed.pipeline.storeRandom(step..<(step + 40), &random)
                    if random.isOnce(in: 2) { try await indexed.settle() }
                    try await check(indexed.pipeline.reader, NaiveReader(folder), &random)
                }
            }
        }
    }

    @Test func `are those of a sealed log, by the index of the plain one`() async throws {
        var random = SplitMix64(seed: 2)
        let log = try await RandomLog(folder, events: 300, recent: 5, &random)
        let naive = try NaiveReader(folder)
        for _ in 0..<2 {
            let indexed = try await IndexedLog(folder, store: store, log.limits)
            let seed = random.next()
            try await indexed.serving {
                var random = SplitMix64(seed: seed)
                try await indexed.settle()
                for partition in indexed.pipeline.log.sealable {
                    _ = try indexed.pipeline.log.seal(partition)
                }
                try await check(indexed.pipeline.reader, naive, &random)
                #expect(indexed.pipeline.index.damage.isEmpty)
            }
        }
    }

    private func check(
        _ reader: EventReader, _ naive: NaiveReader, _ random: inout SplitMix64
    ) async throws {
        let lastID = naive.events.last?.id ?? 0
        for _ in 0..<12 {
            var query = RandomEvents.query(upTo: lastID, &random)
            let expected = naive.lines(query).map(\.line)
            #expect(try await reader.lines(query) == expected, "\(query)")
            let limit = random.pick([1, 3, 20, 1_000])
            var walked: [[UInt8]] = []
            repeat {
                let page = try await reader.page(query, limit: limit)
                #expect(page.lines.count <= limit)
                walked += page.lines.map { Array(page.bytes[$0]) }
                query.goOn(at: page.next)
            } while walked.count < expected.count
            #expect(walked == expected)
        }
        for event in naive.events.shuffled(using: &random).prefix(20) {
            #expect(try await reader.event(EventID(event.id)) == event.line)
        }
        let options = try await reader.filterOptions()
        #expect(Set(options.types) == Set(naive.events.compactMap { $0.fields["type"] }))
        #expect(Set(options.sourceApps) == Set(naive.events.compactMap { $0.fields["source_app"] }))
        let sessions = naive.events.reversed().compactMap { $0.fields["session_id"] }
        #expect(
            options.sessionIDs
                == sessions.enumerated().filter { sessions.firstIndex(of: $1) == $0 }.map(\.element)
        )
    }

    @Test func `are stored before their time where too many chapters wait`() async throws {
        var random = SplitMix64(seed: 9)
        var limits = Pipeline.Limits()
        limits.log.partitionBytesMax = 12_000
        let indexed = try await IndexedLog(
            folder, store: store, limits, flushMilliseconds: 600_000, pendingChaptersMax: 4)
        let seed = random.next()
        try await indexed.serving {
            var random = SplitMix64(seed: seed)
            try await indexed.pipeline.storeRandom(0..<300, &random)
            try await indexed.settle()
            let stored = try DerivedReader(
                readingOnly: store.path + "/" + DerivedStore.fileName)
            #expect(try stored.indexEnd() != nil)
        }
    }

    @Test func `need no line of another block`() async throws {
        var limits = Pipeline.Limits()
        limits.recent.eventsMax = 1
        let indexed = try await IndexedLog(folder, store: store, limits)
        try await indexed.serving {
            let pad = "\"\(String(repeating: "x", count: 5_000))\""
            for number in 0..<120 {
                let session = number == 60 ? "rare" : "common"
                _ = try await indexed.pipeline.store([
                    TestEvent(id: "e\(number)", sessionID: session, data: pad)
                ])
            }
            try await indexed.settle()
            // Of what is indexed, one block is left; the lines behind the index are read in any case.
            let rare = try folder.lines().first { $0.contains("\"rare\"") } ?? ""
            try folder.blank(keeping: rare, lastBytes: 256 << 10)
            var query = EventQuery()
            query.filter.sessionIDs = ["rare"]
            let lines = try await indexed.pipeline.reader.lines(query)
            #expect(lines.map { String(decoding: $0, as: UTF8.self) } == [rare + "\n"])
            query.filter.types = ["absent"]
            #expect(try await indexed.pipeline.reader.lines(query).isEmpty)
        }
    }

    @Test func `tell of the block in which a letter is another`() async throws {
        var limits = Pipeline.Limits()
        limits.recent.eventsMax = 1
        let indexed = try await IndexedLog(folder, store: store, limits)
        try await indexed.serving {
            let pad = "\"\(String(repeating: "x", count: 3_000))\""
            let events = (0..<200).map { TestEvent(id: "e\($0)", data: pad) }
            _ = try await indexed.pipeline.store(events)
            try await indexed.settle()
            // With a filter, memory is asked for what is not indexed alone.
            var query = EventQuery()
            query.filter.types = ["PreToolUse"]
            _ = try await indexed.pipeline.reader.lines(query)
            #expect(indexed.pipeline.index.damage.isEmpty)
            try folder.change(at: 100_000, to: UInt8(ascii: "y"))
            let lines = try await indexed.pipeline.reader.lines(query)
            #expect(lines.count == 200)
            _ = try await indexed.pipeline.reader.lines(query)
            let damage = indexed.pipeline.index.damage
            #expect(damage.count == 1)
            #expect(damage.first?.range.contains(100_000) == true)
            #expect(damage.first.map { $0.range.count < 16 << 10 } == true)
        }
    }
}

@Suite struct `A page whose time is over` {
    @Test(arguments: [EventQuery.Order.newestFirst, .oldestFirst], [false, true])
    func `says where to go on, and nothing is missed or told twice`(
        order: EventQuery.Order, isIndexed: Bool
    ) async throws {
        let folder = try ScratchFolder()
        var random = SplitMix64(seed: 5)
        var log = try await RandomLog(folder, events: 300, recent: 20, &random)
        log.limits.reader.scanMillisecondsMax = 0
        let indexed = try await IndexedLog(folder, store: ScratchFolder(), log.limits)
        var query = EventQuery()
        query.order = order
        query.filter.text = "needle"
        let expected = try NaiveReader(folder).lines(query).map(\.line)
        #expect(expected.count > 10)
        func walk() async throws {
            var (query, walked, stops) = (query, [[UInt8]](), 0)
            while true {
                let page = try await indexed.pipeline.reader.page(query, limit: 1_000)
                walked += page.lines.map { Array(page.bytes[$0]) }
                guard page.isStoppedEarly else { break }
                stops += 1
                query.goOn(at: page.next)
            }
            #expect(walked == expected)
            #expect(stops > 3)
        }
        guard isIndexed else { return try await walk() }
        try await indexed.serving {
            try await indexed.settle()
            try await walk()
        }
    }
}

extension EventQuery {
    /// Asks for the next page.
    fileprivate mutating func goOn(at id: EventID?) {
        switch order {
        case .newestFirst: before = id ?? before
        case .oldestFirst: after = id ?? after
        }
    }
}

extension EventReader {
    /// All lines of a query, streamed.
    fileprivate func lines(_ query: EventQuery) async throws -> [[UInt8]] {
        var stream = try await stream(query)
        var lines: [[UInt8]] = []
        while let page = try await stream.next() {
            lines += page.lines.map { Array(page.bytes[$0]) }
        }
        return lines
    }
}

extension ScratchFolder {
    /// Overwrites all lines of the only partition but one and its neighbours, and the last ones.
    fileprivate func blank(keeping line: String, lastBytes: Int) throws {
        try edit(partitions[0]) { bytes in
            let place = bytes.firstRange(of: Array(line.utf8)) ?? 0..<0
            // Others stand in the same block.
            let kept = (place.lowerBound - 16_384)..<(place.upperBound + 16_384)
            for index in bytes.indices.dropLast(lastBytes) where !kept.contains(index) {
                bytes[index] = UInt8(ascii: " ")
            }
        }
    }

    fileprivate func change(at place: Int, to byte: UInt8) throws {
        try edit(partitions[0]) { $0[place] = byte }
    }
}
