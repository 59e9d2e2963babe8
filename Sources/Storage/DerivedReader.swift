internal import GRDB
public import Rollup
internal import TimeSeries

/// Reads a store, some reads at the same time, each of one moment between two flushes. A read that takes
/// longer than `readMillisecondsMax` is given up; one whose task is cancelled stops.
public final class DerivedReader: Sendable {
    private let pool: DatabasePool
    private let limits: DerivedStore.Limits

    init(_ pool: DatabasePool, _ limits: DerivedStore.Limits) {
        self.pool = pool
        self.limits = limits
    }

    /// All that the folds go on from. It has no limit of time: without it there is no start.
    public func restore() async throws(StorageError) -> StoredFolds {
        try await read("restore the folds") { db in
            let (folds, series) = (FoldTables(db: db), SeriesTables(db: db))
            var stored = StoredFolds()
            stored.checkpoint = try folds.position()?.checkpoint
            stored.metrics = try series.metrics()
            stored.series = try series.series()
            stored.state = try folds.state()
            stored.floors = try folds.floors()
            stored.uncovered = try folds.uncovered()
            stored.indexEnd = try IndexTables(db: db).end()
            return stored
        }
    }

    /// All admissions of all series, in their order; `restore` gives the newest of each.
    public func admissions() async throws(StorageError) -> [Admission] {
        try await read("read admissions") { db in try SeriesTables(db: db).admissions() }
    }

    /// The buckets that a query asks for, and the checkpoint that they are of.
    public func buckets(_ query: BucketQuery) async throws(StorageError) -> BucketPage {
        let limit = ReadLimit(milliseconds: limits.readMillisecondsMax)
        return try await read("read buckets") { db in
            try DerivedSnapshot(db, limit).buckets(query)
        }
    }

    /// Reads several things of one moment.
    ///
    /// While it runs, the WAL cannot be cut and grows: be short, or be rare.
    /// - Parameters:
    ///   - millisecondsMax: another limit than `readMillisecondsMax`.
    ///   - body: runs on a thread of the store's own.
    public func snapshot<Value: Sendable>(
        millisecondsMax: Int? = nil, _ body: @Sendable (DerivedSnapshot) throws -> Value
    ) async throws(StorageError) -> Value {
        let limit = ReadLimit(milliseconds: millisecondsMax ?? limits.readMillisecondsMax)
        return try await read("read a snapshot") { db in
            try body(DerivedSnapshot(db, limit))
        }
    }

    /// For a thread that may wait.
    func blocking<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(StorageError) -> Value {
        do {
            return try pool.read(body)
        } catch {
            throw StorageError(error, operation)
        }
    }

    /// Writes what the store holds at one moment into a file that is not there yet.
    public func copy(to path: String) async throws(StorageError) {
        do {
            try StoreFile.create(path)
            let copy = try DatabaseQueue(path: path)
            try await copy.writeWithoutTransaction { [pool] target in
                try pool.read { try $0.backup(to: target) }
            }
            try copy.close()
        } catch {
            throw StorageError(error, "copy the store to \(path)")
        }
    }

    private func read<Value: Sendable>(
        _ operation: String, _ body: @Sendable (Database) throws -> Value
    ) async throws(StorageError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw StorageError(error, operation)
        }
    }
}

/// When a read is given up.
struct ReadLimit: Sendable {
    private let milliseconds: Int
    private let deadline: ContinuousClock.Instant

    init(milliseconds: Int) {
        self.milliseconds = milliseconds
        deadline = .now + .milliseconds(milliseconds)
    }

    func check() throws(StorageFault) {
        guard .now < deadline else {
            throw StorageFault(.tookTooLong, "a read took longer than \(milliseconds) ms")
        }
    }
}
