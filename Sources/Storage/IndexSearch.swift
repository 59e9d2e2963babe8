internal import EventIndex
internal import Foundation
internal import GRDB
internal import TimeSeries

/// Finds the blocks that may hold what is asked for: volumes by their values' postings, of them chapters,
/// of them blocks.
struct IndexSearch {
    /// A volume that may hold something, with the chapters that do.
    private struct Volume {
        let id: EventID
        let lastID: EventID
        let times: ClosedRange<Timestamp>?
        var chapters: UInt64
    }

    /// Volumes that are looked up at once.
    private static let volumesMax = 16
    /// Rows of chapters that one page looks at: some milliseconds' work.
    private static let chaptersMax = 4_096
    /// Found in one page: enough for most questions.
    private static let stretchesMax = 64
    /// Of two fields, the one whose values stand in fewer volumes is looked up first.
    private static let countMax = 256

    private let db: Database
    private let tables: IndexTables
    private let query: IndexQuery
    private let newestFirst: Bool
    /// For each wanted field, the numbers of its values; the rarest field first.
    private let wanted: [[Int64]]
    private var page: IndexPage
    private var chaptersSeen = 0

    init(_ db: Database, _ query: IndexQuery, newestFirst: Bool) throws {
        self.db = db
        self.query = query
        self.newestFirst = newestFirst
        tables = IndexTables(db: db)
        let tables = tables
        let numbers = try query.wanted.map {
            try $0.values.compactMap { try tables.number(of: $0) }
        }
        wanted = try Self.rarestFirst(numbers, db)
        page = IndexPage(end: try tables.end())
    }

    private static func rarestFirst(_ fields: [[Int64]], _ db: Database) throws -> [[Int64]] {
        guard fields.count > 1 else { return fields }
        let statement = try db.cachedStatement(sql: IndexStatements.postingCount)
        let counted = try fields.map { values in
            let count = try values.reduce(Int64(0)) { sum, value in
                let row = try Row.fetchOne(statement, arguments: [value, countMax])
                return sum + (try row?.integer(0) ?? 0)
            }
            return (count, values)
        }
        return counted.sorted { $0.0 < $1.0 }.map(\.1)
    }

    mutating func run() throws -> IndexPage {
        guard let end = page.end, !wanted.contains(where: \.isEmpty),
            query.ids.lowerBound <= end.lastID
        else { return page }
        let first = try Row.fetchOne(
            db.cachedStatement(sql: IndexStatements.volumeBefore),
            arguments: [try query.ids.lowerBound.stored])
        let last = min(query.ids.upperBound, end.lastID)
        var range: ClosedRange<EventID>? = (try first?.id(0) ?? query.ids.lowerBound)...last
        while let waiting = range {
            let found = try volumes(in: waiting)
            for volume in found.volumes where query.mayMatch(volume.times) {
                guard try read(volume) else { return page }
            }
            range = found.last.flatMap { self.rest(of: waiting, after: $0...$0) }
        }
        return page
    }

    /// - Returns: nil where nothing is left.
    private func rest(
        of ids: ClosedRange<EventID>, after passed: ClosedRange<EventID>
    ) -> ClosedRange<EventID>? {
        if newestFirst {
            guard passed.lowerBound > ids.lowerBound else { return nil }
            return ids.lowerBound...EventID(passed.lowerBound.value - 1)
        }
        guard passed.upperBound < ids.upperBound else { return nil }
        return passed.upperBound.advanced(by: 1)...ids.upperBound
    }
}

// MARK: Volumes

extension IndexSearch {
    /// Some volumes, in order.
    private struct Volumes {
        var volumes: [Volume]
        /// The last one that was looked at; nil where there are no more behind it.
        let last: EventID?
    }

    private func volumes(in range: ClosedRange<EventID>) throws -> Volumes {
        guard let rarest = wanted.first else {
            let volumes = try volumes(IndexStatements.volumes(newestFirst: newestFirst), [], range)
            let isFull = volumes.count == Self.volumesMax
            return Volumes(volumes: volumes, last: isFull ? volumes.last?.id : nil)
        }
        var found = try volumes(of: rarest, range)
        found.volumes = try found.volumes.compactMap { try narrowed($0) }
        return found
    }

    /// Volumes in which any of the values stands.
    private func volumes(
        of values: [Int64], _ range: ClosedRange<EventID>
    ) throws -> Volumes {
        let statement = IndexStatements.postings(newestFirst: newestFirst)
        var found: [EventID: Volume] = [:]
        // Up to here all values were looked up.
        var horizon: EventID?
        for value in values {
            let volumes = try volumes(statement, [value], range)
            for volume in volumes {
                found[volume.id, default: volume].chapters |= volume.chapters
            }
            if volumes.count == Self.volumesMax, let last = volumes.last?.id {
                horizon = horizon.map { isBefore(last, $0) ? last : $0 } ?? last
            }
        }
        let sorted = found.values.sorted { isBefore($0.id, $1.id) }
        guard let horizon else { return Volumes(volumes: sorted, last: nil) }
        return Volumes(volumes: sorted.filter { !isBefore(horizon, $0.id) }, last: horizon)
    }

    private func isBefore(_ left: EventID, _ right: EventID) -> Bool {
        newestFirst ? left > right : left < right
    }

    private func volumes(
        _ sql: String, _ values: [Int64], _ range: ClosedRange<EventID>
    ) throws -> [Volume] {
        let bounds = [try range.lowerBound.stored, try range.upperBound.stored]
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: sql),
            arguments: StatementArguments(values + bounds + [Int64(Self.volumesMax)]))
        var volumes: [Volume] = []
        while let row = try rows.next() {
            let mask = values.isEmpty ? UInt64.max : UInt64(bitPattern: try row.integer(4))
            volumes.append(
                Volume(
                    id: try row.id(0), lastID: try row.id(1), times: try row.times(2),
                    chapters: mask))
        }
        return volumes
    }

    /// With the chapters alone that have a value of every other field too.
    private func narrowed(_ volume: Volume) throws -> Volume? {
        let statement = try db.cachedStatement(sql: IndexStatements.posting)
        var volume = volume
        for values in wanted.dropFirst() {
            var chapters: UInt64 = 0
            for value in values {
                let row = try Row.fetchOne(
                    statement, arguments: [value, try volume.id.stored])
                chapters |= UInt64(bitPattern: try row?.integer(0) ?? 0)
            }
            volume.chapters &= chapters
            if volume.chapters == 0 { return nil }
        }
        return volume
    }
}

// MARK: Chapters

extension IndexSearch {
    /// - Returns: false where the page is full.
    private mutating func read(_ volume: Volume) throws -> Bool {
        // The first chapter may begin before the first id that counts.
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: IndexStatements.chapters(newestFirst: newestFirst)),
            arguments: [try volume.id.stored, try volume.lastID.stored])
        while let row = try rows.next() {
            let bit = UInt64(IndexScale.chapter(of: try row.offset(0)))
            guard volume.chapters >> bit & 1 == 1 else { continue }
            let lastID = try row.id(3)
            let firstID = try row.id(6)
            guard firstID <= lastID else { throw StorageFault.column }
            guard firstID <= query.ids.upperBound, lastID >= query.ids.lowerBound else { continue }
            chaptersSeen += 1
            if query.mayMatch(try row.times(1)) {
                try page.stretches += stretches(row)
            }
            let isFull =
                page.stretches.count >= Self.stretchesMax || chaptersSeen >= Self.chaptersMax
            if isFull {
                page.rest = rest(of: query.ids, after: firstID...lastID)
                return false
            }
        }
        return true
    }

    private func stretches(_ row: Row) throws -> [IndexStretch] {
        var blocks = UInt32.max
        for values in wanted {
            var mask: UInt32 = 0
            try row.forEachEntry(9) { value, entry in
                if values.contains(value) { mask |= entry }
            }
            blocks &= mask
            if blocks == 0 { return [] }
        }
        let found = try row.chapter().stretches(of: blocks, ids: query.ids)
        return newestFirst ? found.reversed() : found
    }
}

extension Row {
    /// Of `IndexStatements.chapters`.
    func chapter(_ entries: [IndexChapter.Entry] = []) throws -> IndexChapter {
        let (start, firstID) = (try offset(0), try id(6))
        let end = start + (try offset(7))
        guard start < end else { throw StorageFault.column }
        let blocks = try withUnsafeData(atIndex: 8) { data in
            try ChapterBlobs.blocks(
                (data ?? Data()).span, offset: start, end: end, firstID: firstID)
        }
        return IndexChapter(
            volume: try id(4), partition: try id(5), blocks: blocks,
            end: end, lastID: try id(3), times: try times(1), entries: entries)
    }

    func forEachEntry(_ place: Int, _ body: (Int64, UInt32) throws -> Void) throws {
        try withUnsafeData(atIndex: place) { data in
            try ChapterBlobs.forEachEntry((data ?? Data()).span, body)
        }
    }
}
