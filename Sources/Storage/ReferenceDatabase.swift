internal import GRDB

/// `events.db`, where the reference system keeps its events. It is only read, also beside its server.
public final class ReferenceDatabase: Sendable {
    public struct Row: Sendable {
        public let id: Int64
        public let sourceApp, sessionID, hookEventType: String?
        /// JSON, unless somebody has changed it.
        public let payload, chat, humanInTheLoop, humanInTheLoopStatus: String?
        public let summary, modelName: String?
        /// Milliseconds since 1970.
        public let timestamp: Int64?
    }

    /// What an import is of.
    public struct Extent: Sendable {
        public let rows: Int
        /// The earliest and the latest time; nil where no row has one.
        public let timestamps: ClosedRange<Int64>?
    }

    /// Columns that older versions of the reference do not have.
    private static let columns = [
        "source_app", "session_id", "hook_event_type", "payload", "chat", "summary", "timestamp",
        "humanInTheLoop", "humanInTheLoopStatus", "model_name",
    ]
    /// Without these it is another database.
    private static let needed: Set = ["source_app", "session_id", "hook_event_type", "payload"]
    private static let busySeconds = 10.0

    private let queue: DatabaseQueue
    private let selected: String

    public init(path: String) throws(StorageError) {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(Self.busySeconds)
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA trusted_schema = OFF")
                try db.execute(sql: "PRAGMA cell_size_check = ON")
            }
            queue = try DatabaseQueue(path: path, configuration: configuration)
            let names = try queue.read { db in
                try db.tableExists("events") ? Set(db.columns(in: "events").map(\.name)) : []
            }
            guard Self.needed.isSubset(of: names) else {
                throw StorageFault(.corrupt, "\(path) has no table of the reference's events")
            }
            selected = Self.columns.map { names.contains($0) ? $0 : "NULL AS \($0)" }
                .joined(separator: ", ")
        } catch {
            throw StorageError(error, "read \(path)")
        }
    }

    public func extent() throws(StorageError) -> Extent {
        try read { db in
            let times = self.selected.contains("NULL AS timestamp") ? "NULL" : "timestamp"
            let row = try GRDB.Row.fetchOne(
                db,
                sql: "SELECT count(*), min(\(times)), max(\(times)) FROM events")
            let rows: Int = row?[0] ?? 0
            let earliest = row.flatMap { Int64.fromDatabaseValue($0[1]) }
            let latest = row.flatMap { Int64.fromDatabaseValue($0[2]) }
            guard let earliest, let latest, earliest <= latest else {
                return Extent(rows: rows, timestamps: nil)
            }
            return Extent(rows: rows, timestamps: earliest...latest)
        }
    }

    /// The next rows, at least one where there is any.
    /// - Parameter bytesMax: about how long they may be together.
    public func rows(after id: Int64, max: Int, bytesMax: Int) throws(StorageError) -> [Row] {
        try read { db in
            let cursor = try GRDB.Row.fetchCursor(
                db, sql: "SELECT id, \(self.selected) FROM events WHERE id > ? ORDER BY id LIMIT ?",
                arguments: [id, max])
            var rows: [Row] = []
            var bytes = 0
            while bytes < bytesMax, let row = try cursor.next() {
                let row = Row(row)
                bytes += (row.payload?.utf8.count ?? 0) + (row.chat?.utf8.count ?? 0)
                rows.append(row)
            }
            return rows
        }
    }

    private func read<Value>(_ body: (Database) throws -> Value) throws(StorageError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw StorageError(error, "read the reference's events")
        }
    }
}

extension ReferenceDatabase.Row {
    /// A value of another type than the column's is as good as none.
    fileprivate init(_ row: GRDB.Row) {
        func text(_ place: Int) -> String? { String.fromDatabaseValue(row[place]) }
        id = Int64.fromDatabaseValue(row[0]) ?? 0
        (sourceApp, sessionID, hookEventType) = (text(1), text(2), text(3))
        (payload, chat, summary) = (text(4), text(5), text(6))
        timestamp = Int64.fromDatabaseValue(row[7])
        (humanInTheLoop, humanInTheLoopStatus, modelName) = (text(8), text(9), text(10))
    }
}
