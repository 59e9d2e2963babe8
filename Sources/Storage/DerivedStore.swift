internal import GRDB

/// `derived.sqlite`: folds of the log, stored together with the place in the log that they cover.
///
/// Nothing in it is the only copy of anything, as far as the log reaches: where the file is damaged, it is
/// removed and the log is folded again.
public final class DerivedStore: Sendable {
    /// Below the data folder.
    public static let fileName = "derived.sqlite"

    public struct Limits: Sendable {
        /// Reads at the same time; further ones wait for their turn.
        public var readersMax = 4
        public var readerCacheKilobytesMax = 8_192
        public var writerCacheKilobytesMax = 16_384
        /// How long an access waits for another process, or for a WAL that is just being cut.
        public var busyMillisecondsMax = 5_000
        /// A read that takes longer is given up.
        public var readMillisecondsMax = 10_000
        /// Minutes that are kept as rows before they move into the rollup tables.
        public var recentRowsMax = 8_192
        /// After so long, by the folds' clock, they move anyway.
        public var settleMilliseconds: Int64 = 600_000
        /// Above it, `tidy` cuts the WAL; it may be exceeded by what a long read keeps in use.
        public var walBytesMax = 67_108_864

        public init() {}
    }

    public let limits: Limits
    public let writer: DerivedWriter
    public let reader: DerivedReader
    let pool: DatabasePool
    private let tidier: DatabaseQueue
    private let suspicion: StoreSuspicion

    /// Opens or creates the store. Blocks, so call it where a start may block.
    public init(path: String, limits: Limits = Limits()) throws(StorageError) {
        self.limits = limits
        do {
            try StoreFile.create(path)
            pool = try DatabasePool(path: path, configuration: limits.configuration("derived"))
            try pool.writeWithoutTransaction(Schema.derived.migrate)
            try pool.read(Schema.derived.verify)
            try Self.lookThroughIfSuspect(path, pool)
            tidier = try DatabaseQueue(path: path, configuration: limits.tidierConfiguration)
        } catch {
            throw StorageError(error, "open \(path)")
        }
        suspicion = StoreSuspicion(path)
        writer = DerivedWriter(pool, limits, suspicion)
        reader = DerivedReader(pool, limits)
    }

    /// After a write that failed, all pages are read before anything is built on them.
    private static func lookThroughIfSuspect(_ path: String, _ pool: DatabasePool) throws {
        guard StoreSuspicion.isRaised(path) else { return }
        let faults = try pool.read { try String.fetchAll($0, sql: "PRAGMA integrity_check(1)") }
        guard faults == ["ok"] else { throw StorageFault(.corrupt, faults.joined()) }
        try StoreSuspicion.clear(path)
    }

    /// Waits for the accesses that are under way. What was committed stays.
    public func close() throws(StorageError) {
        do {
            try tidier.close()
            try pool.close()
        } catch {
            throw StorageError(error, "close the store")
        }
    }

    /// Removes a store that is not open, and makes that last.
    public static func remove(at path: String) throws(StorageError) {
        do throws(StorageFault) {
            try StoreFile.remove(path)
        } catch {
            throw StorageError(error, "remove \(path)")
        }
    }
}

// MARK: The WAL

extension DerivedStore {
    /// The write-ahead log, of which a part may already stand in the database.
    public struct WALState: Equatable, Sendable {
        public var bytes: Int
        public var movedBytes: Int
    }

    /// Moves what the WAL holds into the database, on a connection and a thread of its own, so that no
    /// commit ever does. To be called about once a second.
    public func tidy() async throws(StorageError) -> WALState {
        let walBytesMax = limits.walBytesMax
        do {
            return try await tidier.writeWithoutTransaction { [suspicion] db in
                try suspicion.keep()
                let state = WALState(try db.checkpoint(.passive))
                guard state.bytes > walBytesMax else { return state }
                do {
                    return WALState(try db.checkpoint(.truncate))
                } catch  where (error as? DatabaseError)?.resultCode == .SQLITE_BUSY {
                    return state
                }
            }
        } catch {
            let error = StorageError(error, "move the WAL into the database")
            suspicion.raise(error)
            throw error
        }
    }
}

extension DerivedStore.WALState {
    fileprivate init(_ frames: (walFrameCount: Int, checkpointedFrameCount: Int)) {
        bytes = max(0, frames.walFrameCount) * DerivedStore.pageBytes
        movedBytes = max(0, frames.checkpointedFrameCount) * DerivedStore.pageBytes
    }
}

// MARK: Connections

extension DerivedStore {
    /// Chunks of buckets are a page or two.
    fileprivate static let pageBytes = 8_192
}

extension DerivedStore.Limits {
    func configuration(_ label: String) -> Configuration {
        var configuration = Configuration()
        configuration.label = label
        configuration.maximumReaderCount = readersMax
        configuration.persistentReadOnlyConnections = true
        configuration.busyMode = .timeout(Double(busyMillisecondsMax) / 1_000)
        configuration.prepareDatabase { [self] db in
            try db.execute(sql: "PRAGMA page_size = \(DerivedStore.pageBytes)")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            try db.execute(sql: "PRAGMA journal_size_limit = \(walBytesMax)")
            // Debian's SQLite would overwrite with zeros whatever is removed.
            try db.execute(sql: "PRAGMA secure_delete = OFF")
            // The file may be damaged: its schema calls nothing, its cells are measured first.
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
            try db.execute(sql: "PRAGMA cell_size_check = ON")
            let kilobytes =
                db.configuration.readonly ? readerCacheKilobytesMax : writerCacheKilobytesMax
            try db.execute(sql: "PRAGMA cache_size = -\(kilobytes)")
        }
        return configuration
    }

    fileprivate var tidierConfiguration: Configuration {
        var configuration = configuration("derived.tidier")
        configuration.journalMode = .wal
        // While it waits to cut the WAL, no commit can begin.
        configuration.busyMode = .timeout(0.1)
        return configuration
    }
}
