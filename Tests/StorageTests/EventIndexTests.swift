import EventIndex
import GRDB
import Storage
import TestSupport
import Testing
import TimeSeries

@Suite struct `The stored event index` {
    @Test(arguments: seeds(12, long: 200))
    func `finds what a look at every chapter finds, in both orders`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let folder = try ScratchFolder()
        let chapters = RandomChapters(count: 240, &random).chapters
        let store = try folder.store()
        var rest = chapters[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Int.random(in: 1...20, using: &random))
            rest = rest.dropFirst(batch.count)
            try await store.add(Array(batch))
        }
        #expect(try store.reader.indexEnd() == chapters.last?.indexEnd)
        for _ in 0..<60 {
            let query = RandomChapters.query(&random)
            let expected = chapters.flatMap { $0.stretches(for: query) }
            #expect(try store.found(query, newestFirst: false) == expected)
            #expect(try store.found(query, newestFirst: true) == expected.reversed())
        }
    }

    @Test(arguments: seeds(8, long: 200))
    func `forgets partitions that were removed, and nothing else`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let folder = try ScratchFolder()
        let chapters = RandomChapters(count: 120, &random).chapters
        let store = try folder.store()
        try await store.add(chapters)
        let border = random.pick(Array(Set(chapters.map(\.partition))))
        try await store.writer.forgetIndex(before: border)
        let kept = chapters.filter { $0.partition >= border }
        for _ in 0..<30 {
            let query = RandomChapters.query(&random)
            let expected = kept.flatMap { $0.stretches(for: query) }
            #expect(try store.found(query, newestFirst: false) == expected)
            #expect(try store.found(query, newestFirst: true) == expected.reversed())
        }
        for volume in Set(kept.map(\.volume)) {
            #expect(try store.reader.isConsistent(volume: volume))
        }
        let lost =
            try folder.sql(
                "SELECT count(*) FROM index_values WHERE last_id < \(border)", as: Int.self)
            + folder.sql(
                "SELECT count(*) FROM index_postings WHERE volume_id < \(border)", as: Int.self)
            + folder.sql(
                "SELECT count(*) FROM index_chapters WHERE first_id < \(border)", as: Int.self)
        #expect(lost == [0, 0, 0])
        #expect(try store.reader.indexEnd() == kept.last?.indexEnd)
    }

    @Test func `gives the same bytes however chapters were stored`() async throws {
        var random = SplitMix64(seed: 7)
        let chapters = RandomChapters(count: 100, &random).chapters
        var dumps: [[String]] = []
        for step in [1, 33, 100] {
            let folder = try ScratchFolder()
            let store = try folder.store()
            for start in stride(from: 0, to: chapters.count, by: step) {
                try await store.add(Array(chapters[start..<min(start + step, chapters.count)]))
            }
            dumps.append(try folder.dump())
        }
        #expect(dumps[0].count > 300)
        #expect(dumps[0] == dumps[1])
        #expect(dumps[0] == dumps[2])
    }

    @Test func `takes no chapter twice, and then nothing of that flush`() async throws {
        var random = SplitMix64(seed: 3)
        let chapters = RandomChapters(count: 3, &random).chapters
        let folder = try ScratchFolder()
        let store = try folder.store()
        try await store.add(Array(chapters[0...1]))
        #expect(await code { try await store.add([chapters[1]]) } == .conflict)
        #expect(try store.reader.indexEnd() == chapters[1].indexEnd)
        try await store.add([chapters[2]])
        #expect(try await store.reader.restore().indexEnd == chapters[2].indexEnd)
    }

    @Test func `knows the values that were seen last`() async throws {
        let folder = try ScratchFolder()
        let store = try folder.store()
        for (id, text) in [(10, "a"), (20, "b"), (30, "c"), (40, "a")] as [(UInt64, String)] {
            let entry = IndexChapter.Entry(
                IndexedValue(.sessionID, Array(text.utf8)), blocks: 1, lastID: EventID(id))
            let many = IndexChapter.Entry(
                .any(of: .sessionID), blocks: 1, lastID: EventID(id + 1))
            try await store.add([.single(EventID(id), [entry, many])])
        }
        let newest = try store.reader.newestValues(of: .sessionID, max: 3)
        #expect(newest.map { String(decoding: $0.text, as: UTF8.self) } == ["a", "c"])
        #expect(newest.map(\.lastID.value) == [40, 30])
        #expect(try store.reader.newestValues(of: .type, max: 3).isEmpty)
    }

    @Test(arguments: [
        "UPDATE index_chapters SET blocks = x'00'", "UPDATE index_chapters SET blocks = x''",
        "UPDATE index_chapters SET blocks = x'2100000000000000'",
        "UPDATE index_chapters SET entries = x'ffffffffffffffffffffff'",
        "UPDATE index_chapters SET start = 1 << 50",
    ])
    func `that is damaged is said to be`(damage: String) async throws {
        let folder = try ScratchFolder()
        let store = try folder.store()
        let value = IndexedValue(.type, Array("Stop".utf8))
        try await store.add([
            .single(EventID(1), [IndexChapter.Entry(value, blocks: 1, lastID: .first)])
        ])
        try folder.execute(damage)
        var filter = EventFilter()
        filter.types = ["Stop"]
        let query = IndexQuery(filter, ids: .none ... .last)
        #expect(await code { _ = try store.found(query, newestFirst: true) } == .corrupt)
    }
}

extension DerivedStore {
    fileprivate func add(_ chapters: [IndexChapter]) async throws {
        let last = chapters.last?.lastID ?? .none
        var flush = Flush(
            checkpoint: Checkpoint(
                logID: "log", lastID: last.advanced(by: 1), time: Timestamp(milliseconds: 0),
                foldVersion: 1))
        flush.chapters = chapters
        _ = try await writer.commit(flush)
    }

    /// All pages, one after the other.
    fileprivate func found(_ query: IndexQuery, newestFirst: Bool) throws -> [IndexStretch] {
        var query = query
        var found: [IndexStretch] = []
        while true {
            let page = try reader.indexPage(query, newestFirst: newestFirst)
            found += page.stretches
            guard let rest = page.rest else { return found }
            query.ids = rest
        }
    }
}

extension ScratchFolder {
    /// All rows of the index, as text.
    fileprivate func dump() throws -> [String] {
        try [
            "SELECT hex(blocks) || hex(entries) || first_id || '-' || last_id || start || length "
                + "FROM index_chapters ORDER BY first_id",
            "SELECT value_id || ' ' || field || ' ' || hex(text) || last_id FROM index_values "
                + "ORDER BY value_id",
            "SELECT value_id || ' ' || volume_id || ' ' || chapters FROM index_postings "
                + "ORDER BY value_id, volume_id",
            "SELECT volume_id || ' ' || last_id || ' ' || coalesce(from_ms, '') || "
                + "coalesce(to_ms, '') FROM index_volumes ORDER BY volume_id",
        ].flatMap { try sql($0, as: String.self) }
    }
}
