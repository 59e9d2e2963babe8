import EventIndex
import TestSupport
import Testing
import TimeSeries

@Suite struct `The chapters of the index` {
    /// Feeds lines as readers and the writer do: some side by side at a time.
    static func feed(
        _ lines: ArraySlice<WrittenLine>, to builder: inout IndexBuilder, _ random: inout SplitMix64
    ) {
        var rest = lines
        while let first = rest.first {
            var (bytes, starts, taken) = ([UInt8](), [0], 0)
            let count = Int.random(in: 1...40, using: &random)
            while taken < count, let line = rest.first, line.partition == first.partition,
                line.offset == first.offset + bytes.count
            {
                bytes += line.bytes
                starts.append(bytes.count)
                taken += 1
                rest = rest.dropFirst()
            }
            let place = LinePlace(partition: EventID(first.partition), offset: first.offset)
            builder.add(bytes.span, starts: starts[...], at: place)
        }
    }

    @Test(arguments: seeds(2, long: 60))
    func `are those of a naive twin, however the lines come`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let log = WrittenLog(lines: 2_500, values: seed % 2 == 0 ? 5 : 600, &random)
        var limits = IndexBuilder.Limits()
        limits.chapterValuesMax = 40
        limits.knownValuesMax = 100
        var builder = IndexBuilder(limits: limits)
        Self.feed(log.lines[...], to: &builder, &random)
        let expected = NaiveIndex(log.lines, max: 40).chapters
        #expect(expected.count > 10)
        #expect(builder.take() == expected)
        #expect(builder.position.value == log.lines.compactMap(\.id).max())
    }

    @Test(arguments: seeds(2, long: 60))
    func `are gone on with after any of them, from whatever line before its end`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let log = WrittenLog(lines: 2_000, values: 30, &random)
        let expected = NaiveIndex(log.lines, max: 512).chapters
        let last = random.pick(expected)
        var builder = IndexBuilder(after: last.indexEnd)
        let place = log.lines.firstIndex { $0.id == last.lastID.value } ?? 0
        let from = Int.random(in: max(0, place - 50)...(place + 1), using: &random)
        Self.feed(log.lines[from...], to: &builder, &random)
        #expect(builder.take() == expected.filter { $0.firstID > last.lastID })
    }

    @Test(arguments: seeds(3, long: 100))
    func `lead to every event that a filter lets through, and to no block without`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let log = WrittenLog(lines: 1_500, values: 300, &random)
        let chapters = NaiveIndex(log.lines, max: 512).chapters
        var filter = EventFilter()
        if random.isOnce(in: 2) { filter.sessionIDs = ["s1", "s2"] }
        if random.isOnce(in: 2) { filter.agentIDs = ["s1"] }
        if random.isOnce(in: 2) { filter.sourceApps = ["ação", "none"] }
        if random.isOnce(in: 3) { filter.from = time0.advanced(byMilliseconds: 8_500) }
        if random.isOnce(in: 3) { filter.to = time0 }
        let end = chapters.last?.lastID.value ?? 1
        let low = UInt64.random(in: 1...end, using: &random)
        let ids = EventID(low)...EventID(UInt64.random(in: low...end, using: &random))
        let stretches = chapters.flatMap { $0.stretches(for: IndexQuery(filter, ids: ids)) }
        for line in log.lines {
            guard let id = line.id, ids.contains(EventID(id)), line.matches(filter) else {
                continue
            }
            #expect(stretches.contains { $0.holds(line) }, "\(id)")
        }
        for stretch in stretches {
            let own = log.lines.filter { stretch.holds($0) }
            #expect(own.contains { ids.contains(EventID($0.id ?? 0)) })
            for block in stretch.blocks where !filter.sessionIDs.isEmpty {
                let lines = own.filter { $0.offset >> 13 == block.offset >> 13 }
                #expect(lines.contains { filter.sessionIDs.contains($0.session) })
            }
        }
    }

    @Test func `say a value's name only where it can be told from the others`() {
        var (bytes, starts, random) = ([UInt8](), [0], SplitMix64(seed: 1))
        for id in UInt64(1)...4 {
            bytes += WrittenLine(id, 1, bytes.count, &random, values: 1_000_000).bytes
            starts.append(bytes.count)
        }
        var limits = IndexBuilder.Limits()
        limits.chapterValuesMax = 3
        var builder = IndexBuilder(limits: limits)
        builder.add(bytes.span, starts: starts[...], at: LinePlace(partition: .first, offset: 0))
        let next = WrittenLine(5, 5, 0, &random, values: 1)
        builder.add(
            next.bytes.span, starts: [0, next.bytes.count],
            at: LinePlace(partition: EventID(5), offset: 0))
        let sessions = builder.take().flatMap(\.entries).filter { $0.value.field == .sessionID }
        #expect(sessions.map(\.value) == [.any(of: .sessionID)])
        #expect(sessions[0].lastID == EventID(4))
    }
}

extension IndexStretch {
    fileprivate func holds(_ line: WrittenLine) -> Bool {
        line.partition == partition.value && range.contains(line.offset)
    }
}

extension WrittenLine {
    fileprivate func matches(_ filter: EventFilter) -> Bool {
        guard let time else { return false }
        return (filter.sessionIDs.isEmpty || filter.sessionIDs.contains(session))
            && (filter.agentIDs.isEmpty || agent.map(filter.agentIDs.contains) ?? false)
            && (filter.sourceApps.isEmpty || filter.sourceApps.contains(app))
            && (filter.from.map { time >= $0 } ?? true) && (filter.to.map { time < $0 } ?? true)
    }
}
