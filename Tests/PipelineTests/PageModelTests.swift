import Pipeline
import Testing
import TestSupport
import TimeSeries

/// Pages of random queries against a filter over all events, the newest in memory, the rest in files.
@Suite struct `Pages of events` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test(arguments: [0, 1, 25, 10_000], seeds(2, long: 40))
    func `walked from end to end give every event once, and know where they end`(
        recent: Int, seed: UInt64
    ) async throws {
        var random = SplitMix64(seed: seed)
        let log = try await RandomLog(folder, events: 150, recent: recent, &random)
        let pipeline = try await Pipeline.open(log.folder, limits: log.limits)
        let seed = random.next()
        try await pipeline.serving {
            var random = SplitMix64(seed: seed)
            // Some of them live, so that memory holds what was read back and what was written.
            try await pipeline.storeRandom(150..<180, &random)
            let naive = try NaiveReader(log.folder)
            #expect(naive.events.count == 180)
            for _ in 0..<40 {
                let query = RandomEvents.query(upTo: log.lastID + 30, &random)
                let limit = random.pick([1, 2, 3, 7, 20, 59, 60, 1_000])
                try await check(query, limit: limit, naive, pipeline.reader)
            }
            for order in [EventQuery.Order.newestFirst, .oldestFirst] {
                var query = EventQuery()
                query.order = order
                try await check(query, limit: 13, naive, pipeline.reader)
            }
        }
    }

    private func check(
        _ query: EventQuery, limit: Int, _ naive: NaiveReader, _ reader: EventReader
    ) async throws {
        var rest = naive.lines(query)[...]
        var query = query
        while true {
            let page = try await reader.page(query, limit: limit)
            let expected = rest.prefix(limit)
            #expect(page.lines.map { Array(page.bytes[$0]) } == expected.map(\.line))
            rest = rest.dropFirst(limit)
            let next = rest.isEmpty ? nil : expected.last.map { EventID($0.id) }
            #expect(page.next == next, "\(query), limit \(limit)")
            guard let next, page.next == next else { return }
            switch query.order {
            case .newestFirst: query.before = next
            case .oldestFirst: query.after = next
            }
        }
    }

    @Test func `are nothing where there is nothing`() async throws {
        let pipeline = try await Pipeline.open(folder)
        for order in [EventQuery.Order.newestFirst, .oldestFirst] {
            var query = EventQuery()
            query.order = order
            let page = try await pipeline.reader.page(query, limit: 10)
            #expect(page.lines.isEmpty && page.next == nil)
        }
        #expect(try await pipeline.reader.event(.first) == nil)
    }

    @Test(arguments: [UInt64(0), 1, 5, .max - 1, .max])
    func `take every id for a border`(border: UInt64) async throws {
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving {
            _ = try await pipeline.store((0..<4).map { TestEvent(id: "\($0)") })
            for order in [EventQuery.Order.newestFirst, .oldestFirst] {
                var (after, before) = (EventQuery(), EventQuery())
                (after.order, before.order) = (order, order)
                (after.after, before.before) = (EventID(border), EventID(border))
                let later = try await pipeline.reader.page(after, limit: 10).lines.count
                let earlier = try await pipeline.reader.page(before, limit: 10).lines.count
                #expect(later == (1...4).count { UInt64($0) > border })
                #expect(earlier == (1...4).count { UInt64($0) < border })
            }
        }
    }

    @Test(arguments: [0, 10_000])
    func `end early where they would be too large, and go on there`(recent: Int) async throws {
        var limits = Pipeline.Limits()
        limits.reader.pageBytesMax = 10_000
        limits.recent.eventsMax = recent
        let pipeline = try await Pipeline.open(folder, limits: limits)
        let sizes = [100, 9_000, 100, 20_000, 100, 4_000, 4_000, 100, 100]
        try await pipeline.serving {
            for (number, size) in sizes.enumerated() {
                let data = "\"\(String(repeating: "x", count: size))\""
                _ = try await pipeline.store([TestEvent(id: "\(number)", data: data)])
            }
            var query = EventQuery()
            query.order = .oldestFirst
            query.after = recent > 0 ? EventID.none : nil
            var counts: [Int] = []
            while true {
                let page = try await pipeline.reader.page(query, limit: 100)
                #expect(page.bytes.count <= 10_000 || page.lines.count == 1)
                counts.append(page.lines.count)
                guard let next = page.next else { break }
                query.after = next
            }
            #expect(counts == [3, 1, 5])
        }
    }

    @Test func `can be shortened to their first lines`() async throws {
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving {
            _ = try await pipeline.store((0..<5).map { TestEvent(id: "\($0)") })
            let page = try await pipeline.reader.page(EventQuery(), limit: 10)
            for count in 0...6 {
                let prefix = page.prefix(count)
                #expect(
                    prefix.lines.map { Array(prefix.bytes[$0]) }
                        == page.lines.prefix(count).map { Array(page.bytes[$0]) })
            }
        }
    }
}

@Suite struct `One event` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test(arguments: [0, 25, 10_000])
    func `is found by its id, in memory and in files, and no other is`(recent: Int) async throws {
        var random = SplitMix64(seed: 11)
        let log = try await RandomLog(folder, events: 120, recent: recent, &random)
        let pipeline = try await Pipeline.open(log.folder, limits: log.limits)
        let naive = try NaiveReader(log.folder)
        let known = Dictionary(uniqueKeysWithValues: naive.events.map { ($0.id, $0.line) })
        #expect(known.count == 120)
        for id in Array(0...(log.lastID + 2)) + [.max] {
            #expect(try await pipeline.reader.event(EventID(id)) == known[id], "\(id)")
        }
    }
}
