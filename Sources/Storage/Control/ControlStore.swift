internal import GRDB

/// `control.sqlite`: KPI states, episodes, silences, webhooks and the outbox.
///
/// It can be made again from nothing else, so each transaction is on the disk before its caller goes on,
/// a copy is made each day, and a damaged file is left as it is.
public final class ControlStore: Sendable {
    /// Below the data folder.
    public static let fileName = "control.sqlite"

    public struct Limits: Sendable {
        public var readersMax = 2
        /// How long an access waits for another process.
        public var busyMillisecondsMax = 5_000
        /// How long a delivery that is overtaken by a newer one of its alert is still tried.
        public var supersedeMilliseconds: Int64 = 300_000
        /// Open deliveries of one webhook; further ones are failed at once.
        public var outboxRowsMax = 100_000
        /// Daily copies that are kept.
        public var copiesKept = 7
        /// How long the history of an alert is kept after its end.
        public var historyMilliseconds: Int64 = 400 * 86_400_000
        /// How long a delivery is listed after its end.
        public var deliveriesMilliseconds: Int64 = 30 * 86_400_000

        public init() {}
    }

    public let limits: Limits
    /// Says that the outbox or a webhook has changed. For one listener; of many changes it hears once.
    public let changes: AsyncStream<Void>
    let folder: String
    let pool: DatabasePool
    private let changed: AsyncStream<Void>.Continuation

    /// Opens or creates the store. Blocks, so call it where a start may block.
    public init(folder: String, limits: Limits = Limits()) throws(StorageError) {
        let path = folder + "/" + Self.fileName
        self.folder = folder
        self.limits = limits
        (changes, changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        do {
            try ControlCopies(folder: folder).checkNothingIsLost(path)
            try StoreFile.create(path)
            pool = try DatabasePool(path: path, configuration: limits.configuration)
            try pool.writeWithoutTransaction(Self.prepare)
        } catch {
            throw StorageError(error, "open \(path)")
        }
    }

    /// What is damaged is found before anything is changed.
    private static func prepare(_ db: Database) throws {
        // Here, since the pool sets NORMAL when it turns to WAL.
        try db.execute(sql: "PRAGMA synchronous = FULL")
        _ = try Schema.control.check(db)
        let faults = try String.fetchAll(db, sql: "PRAGMA quick_check(1)")
        guard faults == ["ok"] else { throw StorageFault(.corrupt, faults.joined()) }
        try Schema.control.migrate(db)
        try Schema.control.verify(db)
    }

    /// Waits for the accesses that are under way.
    public func close() throws(StorageError) {
        do {
            try pool.close()
        } catch {
            throw StorageError(error, "close the control store")
        }
    }

    /// What is to be delivered, and what was.
    public var outbox: Outbox { Outbox(store: self) }

    func noteChange() { changed.yield() }
}

// MARK: Access

extension ControlStore {
    /// One transaction, on the disk when this returns. It does not care for the cancellation of its task.
    func write<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StorageError) -> Value {
        let result = await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { db in
                let result = Result { try db.transact(body) }
                continuation.resume(returning: result.mapError { StorageError($0, operation) })
            }
        }
        return try result.get()
    }

    func read<Value: Sendable>(
        _ operation: String, _ body: @Sendable (Database) throws -> Value
    ) async throws(StorageError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw StorageError(error, operation)
        }
    }
}

extension Database {
    fileprivate func transact<Value>(_ body: (Database) throws -> Value) throws -> Value {
        var value: Value?
        try inTransaction(.immediate) {
            value = try body(self)
            return .commit
        }
        guard let value else { preconditionFailure("BUG: a transaction without an outcome") }
        return value
    }
}

extension ControlStore.Limits {
    fileprivate var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "control"
        configuration.maximumReaderCount = readersMax
        configuration.busyMode = .timeout(Double(busyMillisecondsMax) / 1_000)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
            try db.execute(sql: "PRAGMA cell_size_check = ON")
        }
        return configuration
    }
}
