internal import EventIndex
internal import Foundation
internal import GRDB
internal import TimeSeries

/// The event index: where chapters are added.
struct IndexTables {
    let db: Database

    /// Up to where the log is indexed; nil where nothing is.
    func end() throws -> IndexEnd? {
        let row = try Row.fetchOne(db.cachedStatement(sql: IndexStatements.end))
        return try row.map {
            IndexEnd(
                lastID: try $0.id(0), volume: try $0.id(1), partition: try $0.id(2),
                offset: try $0.offset(3))
        }
    }

    /// Adds chapters, in the order of the log.
    func add(_ chapters: [IndexChapter]) throws {
        guard let first = chapters.first else { return }
        guard try first.firstID > end()?.lastID ?? .none else {
            throw StorageFault(.conflict, "lines that are indexed already")
        }
        let values = try store(values: chapters)
        var postings: [PostingKey: UInt64] = [:]
        for chapter in chapters {
            try insert(chapter, values)
            try upsertVolume(of: chapter)
            for entry in chapter.entries {
                let key = PostingKey(value: values[entry.value] ?? 0, volume: chapter.volume)
                postings[key, default: 0] |= 1 << UInt64(chapter.number)
            }
        }
        try upsert(postings)
    }

    /// Removes the chapters, volumes and values of lines before one that begins a partition.
    func remove(before id: EventID) throws {
        for statement in IndexStatements.removal {
            try db.cachedStatement(sql: statement).execute(arguments: [try id.stored])
        }
    }

    private struct PostingKey: Hashable {
        let value: Int64
        let volume: EventID
    }

    /// Numbers are given in the order in which values come, so that a rebuild gives the same ones.
    private func store(values chapters: [IndexChapter]) throws -> [IndexedValue: Int64] {
        var lastIDs: [IndexedValue: EventID] = [:]
        var order: [IndexedValue] = []
        for entry in chapters.lazy.flatMap(\.entries) {
            if lastIDs.updateValue(entry.lastID, forKey: entry.value) == nil {
                order.append(entry.value)
            }
        }
        var numbers: [IndexedValue: Int64] = [:]
        numbers.reserveCapacity(order.count)
        let upsert = try db.cachedStatement(sql: IndexStatements.upsertValue)
        for value in order {
            let row = try Row.fetchOne(
                upsert,
                arguments: [
                    Int64(value.field.rawValue), Data(value.text),
                    try (lastIDs[value] ?? .none).stored,
                ])
            numbers[value] = try row?.integer(0)
        }
        return numbers
    }

    private func insert(_ chapter: IndexChapter, _ values: [IndexedValue: Int64]) throws {
        let entries = chapter.entries.map { (values[$0.value] ?? 0, $0.blocks) }
        try db.cachedStatement(sql: IndexStatements.insertChapter).execute(arguments: [
            try chapter.firstID.stored, try chapter.lastID.stored, try chapter.volume.stored,
            try chapter.partition.stored, chapter.offset, chapter.end - chapter.offset,
            chapter.times?.lowerBound.milliseconds, chapter.times?.upperBound.milliseconds,
            Data(ChapterBlobs.blocks(of: chapter)), Data(ChapterBlobs.entries(entries)),
        ])
    }

    private func upsertVolume(of chapter: IndexChapter) throws {
        try db.cachedStatement(sql: IndexStatements.upsertVolume).execute(arguments: [
            try chapter.volume.stored, try chapter.lastID.stored,
            chapter.times?.lowerBound.milliseconds, chapter.times?.upperBound.milliseconds,
        ])
    }

    private func upsert(_ postings: [PostingKey: UInt64]) throws {
        let upsert = try db.cachedStatement(sql: IndexStatements.upsertPosting)
        // In the order of the table, so that a rebuild writes the same pages.
        let sorted = postings.sorted {
            ($0.key.value, $0.key.volume) < ($1.key.value, $1.key.volume)
        }
        for (key, chapters) in sorted {
            try upsert.execute(arguments: [
                key.value, try key.volume.stored, Int64(bitPattern: chapters),
            ])
        }
    }
}

// MARK: Values

extension IndexTables {
    /// The values of a field that were seen last, newest first.
    func newest(_ field: IndexedField, max: Int) throws -> [(text: [UInt8], lastID: EventID)] {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: IndexStatements.newestValues),
            arguments: [Int64(field.rawValue), max])
        var values: [(text: [UInt8], lastID: EventID)] = []
        while let row = try rows.next() {
            let text = try row.bytes(0)
            if !text.isEmpty { values.append((text, try row.id(1))) }
        }
        return values
    }

    func number(of value: IndexedValue) throws -> Int64? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: IndexStatements.valueID),
            arguments: [Int64(value.field.rawValue), Data(value.text)])
        return try row?.integer(0)
    }
}

extension Row {
    func offset(_ place: Int) throws -> Int {
        let offset = try integer(place)
        guard (0..<(1 << 48)).contains(offset) else { throw StorageFault.column }
        return Int(offset)
    }

    /// Two columns that are both there, or both not.
    func times(_ place: Int) throws -> ClosedRange<Timestamp>? {
        guard let from = try decode(Int64?.self, atIndex: place),
            let to = try decode(Int64?.self, atIndex: place + 1)
        else { return nil }
        guard from <= to else { throw StorageFault.column }
        return Timestamp(milliseconds: from)...Timestamp(milliseconds: to)
    }
}
