internal import EventIndex
internal import Foundation
internal import GRDB
internal import TimeSeries

/// The index row by row, as it is held against another.
extension IndexTables {
    /// Chapters behind an id, oldest first. Their entries are in the order of their values, and without
    /// ids.
    func chapters(after id: EventID, through last: EventID, max: Int) throws -> [IndexChapter] {
        guard id < last else { return [] }
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: IndexStatements.chapters(newestFirst: false)),
            arguments: [try id.advanced(by: 1).stored, try last.stored])
        var chapters: [IndexChapter] = []
        var known: [Int64: IndexedValue] = [:]
        while chapters.count < max, let row = try rows.next() {
            var entries: [IndexChapter.Entry] = []
            try row.forEachEntry(9) { number, blocks in
                let value = try known[number] ?? value(number)
                known[number] = value
                entries.append(IndexChapter.Entry(value, blocks: blocks, lastID: .none))
            }
            entries.sort { $0.value < $1.value }
            chapters.append(try row.chapter(entries))
        }
        return chapters
    }

    private func value(_ number: Int64) throws -> IndexedValue {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: IndexStatements.valueText), arguments: [number])
        guard let row else { throw StorageFault(.corrupt, "a value of the index without a text") }
        return try row.value(0)
    }

    /// All values behind one, in their order, with the last event that has each.
    func values(
        after value: IndexedValue?, max: Int
    ) throws -> [(value: IndexedValue, lastID: EventID)] {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: IndexStatements.valuesAfter),
            arguments: [
                value.map { Int64($0.field.rawValue) } ?? -1, Data(value?.text ?? []), max,
            ])
        var values: [(IndexedValue, EventID)] = []
        while let row = try rows.next() { values.append((try row.value(0), try row.id(2))) }
        return values
    }

    /// Whether a volume says what its chapters do, and each value that stands in them leads to them.
    func isConsistent(_ volume: EventID) throws -> Bool {
        guard let (found, lastID, times) = try volumeRow(volume), found == volume else {
            return false
        }
        let next = try Row.fetchOne(
            db.cachedStatement(sql: IndexStatements.volumeBehind), arguments: [try volume.stored])
        let end = try next.map { try $0.id(0).value - 1 } ?? UInt64(Int64.max)
        var chapters: [Int64: UInt64] = [:]
        var seen: (lastID: EventID, low: Timestamp?, high: Timestamp?) = (.none, nil, nil)
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: IndexStatements.chapters(newestFirst: false)),
            arguments: [try volume.stored, try EventID(end).stored])
        while let row = try rows.next() {
            guard try row.id(4) == volume else { return false }
            let bit = UInt64(1) << UInt64(IndexScale.chapter(of: try row.offset(0)))
            try row.forEachEntry(9) { value, _ in chapters[value, default: 0] |= bit }
            seen.lastID = max(seen.lastID, try row.id(3))
            guard let own = try row.times(1) else { continue }
            seen.low = min(seen.low ?? own.lowerBound, own.lowerBound)
            seen.high = max(seen.high ?? own.upperBound, own.upperBound)
        }
        guard seen.lastID == lastID, seen.low == times?.lowerBound, seen.high == times?.upperBound
        else { return false }
        return try chapters.allSatisfy { try posting(of: $0.key, in: volume) == $0.value }
    }

    private func volumeRow(
        _ volume: EventID
    ) throws -> (id: EventID, lastID: EventID, times: ClosedRange<Timestamp>?)? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: IndexStatements.volumes(newestFirst: false)),
            arguments: [try volume.stored, try volume.stored, 1])
        return try row.map { (try $0.id(0), try $0.id(1), try $0.times(2)) }
    }

    private func posting(of value: Int64, in volume: EventID) throws -> UInt64 {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: IndexStatements.posting),
            arguments: [value, try volume.stored])
        return UInt64(bitPattern: try row?.integer(0) ?? 0)
    }
}

extension Row {
    /// Its field and its text.
    fileprivate func value(_ place: Int) throws -> IndexedValue {
        guard let number = UInt8(exactly: try integer(place)),
            let field = IndexedField(rawValue: number)
        else { throw StorageFault.column }
        return IndexedValue(field, try bytes(place + 1))
    }
}
