public import EventIndex
internal import GRDB
public import TimeSeries

/// The event index. These block, and belong on a thread that may.
extension DerivedReader {
    /// Where events may stand that are asked for, in order, as many as one read finds.
    public func indexPage(
        _ query: IndexQuery, newestFirst: Bool
    ) throws(StorageError) -> IndexPage {
        try blocking("look into the event index") { db in
            var search = try IndexSearch(db, query, newestFirst: newestFirst)
            return try search.run()
        }
    }

    /// The values of a field that were seen last, newest first.
    public func newestValues(
        of field: IndexedField, max: Int
    ) throws(StorageError) -> [SeenValue] {
        try blocking("read the values of a field") { db in
            try IndexTables(db: db).newest(field, max: max).map {
                SeenValue(text: $0.text, lastID: $0.lastID)
            }
        }
    }

    /// Chapters behind an id and up to another, oldest first. Their entries are in the order of their
    /// values, and without ids.
    public func chapters(
        after id: EventID, through last: EventID, max: Int
    ) throws(StorageError) -> [IndexChapter] {
        try blocking("read the event index") { db in
            try IndexTables(db: db).chapters(after: id, through: last, max: max)
        }
    }

    /// All values behind one, in their order, with the last event that has each.
    public func values(
        after value: IndexedValue?, max: Int
    ) throws(StorageError) -> [(value: IndexedValue, lastID: EventID)] {
        try blocking("read the values of the event index") { db in
            try IndexTables(db: db).values(after: value, max: max)
        }
    }

    /// Whether a volume of the index and its postings say what its chapters do.
    public func isConsistent(volume: EventID) throws(StorageError) -> Bool {
        try blocking("look through the event index") { db in
            try IndexTables(db: db).isConsistent(volume)
        }
    }

    /// Up to where the log is indexed.
    public func indexEnd() throws(StorageError) -> IndexEnd? {
        try blocking("look into the event index") { db in try IndexTables(db: db).end() }
    }
}
