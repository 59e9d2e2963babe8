internal import GRDB

/// How a file is laid out: migrations in their order, never changed once they are released.
struct Schema: Sendable {
    /// "TDMK": tells the file from any other database.
    static let derived = Schema(
        applicationID: 0x5444_4D4B, migrations: [Tables.all + Views.all, EventIndexSchema.all])
    /// "TDMC".
    static let control = Schema(
        applicationID: 0x5444_4D43, migrations: [ControlTables.all])

    let applicationID: Int64
    /// The version of a schema is how many of them have run.
    let migrations: [String]

    var version: Int64 { Int64(migrations.count) }

    /// Brings an empty or older database up to date.
    func migrate(_ db: Database) throws {
        let version = try check(db)
        guard version < self.version else { return }
        try db.inTransaction(.immediate) {
            for migration in migrations[Int(version)...] { try db.execute(sql: migration) }
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: "PRAGMA user_version = \(self.version)")
            return .commit
        }
    }

    /// - Returns: the version of the schema, 0 for an empty file.
    func check(_ db: Database) throws -> Int64 {
        let version = try Self.integer(db, "PRAGMA user_version")
        let isEmpty = try Self.integer(db, "SELECT count(*) FROM sqlite_schema") == 0
        if isEmpty && version == 0 { return 0 }
        guard try Self.integer(db, "PRAGMA application_id") == applicationID else {
            throw StorageFault(.corrupt, "not a store of Tidemark's")
        }
        guard version <= self.version else {
            throw StorageFault(
                .schemaTooNew,
                "the file has schema \(version), this version knows up to \(self.version)")
        }
        guard (1...self.version).contains(version) else {
            throw StorageFault(.corrupt, "a schema without a version")
        }
        return version
    }

    private static func integer(_ db: Database, _ sql: String) throws -> Int64 {
        guard let value = try Int64.fetchOne(db, sql: sql) else { throw StorageFault.column }
        return value
    }

    /// Compares what the file says of itself with what the migrations make: a damaged word in it would
    /// show much later, and as something else.
    func verify(_ db: Database) throws {
        let fresh = try DatabaseQueue()
        let expected = try fresh.write { fresh in
            try migrations.forEach { try fresh.execute(sql: $0) }
            return try Self.definitions(fresh)
        }
        guard try Self.definitions(db) == expected else {
            throw StorageFault(.corrupt, "the schema is not the one of its version")
        }
    }

    private static func definitions(_ db: Database) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '')
                FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name
                """)
    }
}
