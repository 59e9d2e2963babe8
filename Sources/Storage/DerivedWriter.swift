internal import GRDB
public import Rollup
public import TimeSeries

/// The one writer of a store. Its accesses run one after the other, on a thread of the store's own.
public final class DerivedWriter: Sendable {
    private let pool: DatabasePool
    private let limits: DerivedStore.Limits
    private let suspicion: StoreSuspicion

    init(_ pool: DatabasePool, _ limits: DerivedStore.Limits, _ suspicion: StoreSuspicion) {
        self.pool = pool
        self.limits = limits
        self.suspicion = suspicion
    }

    /// Stores what a range of the log has changed, and the checkpoint behind it: all or nothing.
    ///
    /// A range is stored once: the checkpoint must be behind the stored one, of the same log and the same
    /// fold version.
    /// - Parameter isDurable: whether it is on the disk when this returns.
    public func commit(
        _ flush: Flush, isDurable: Bool = false
    ) async throws(StorageError) -> FlushOutcome {
        let limits = limits
        return try await write("store a flush", isDurable: isDurable) { db in
            try FlushTransaction(db, limits).run(flush)
        }
    }

    /// Moves all recent minutes into the rollup tables.
    public func settle() async throws(StorageError) {
        let limits = limits
        try await write("settle recent minutes") { db in
            try FlushTransaction(db, limits).settle()
        }
    }

    /// One transaction. It does not care for the cancellation of its task: what was folded is stored also
    /// by a server that is being stopped.
    /// - Parameter isDurable: whether it is on the disk when this returns. Otherwise, after a power
    ///   failure, the store is as it was some flushes ago, and the log is folded again from there.
    private func write<Value: Sendable>(
        _ operation: String, isDurable: Bool = false,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StorageError) -> Value {
        let result = await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { [suspicion] db in
                let result = Result { try db.transact(isDurable: isDurable, body) }
                    .mapError { StorageError($0, operation) }
                if case .failure(let error) = result { suspicion.raise(error) }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}

extension Database {
    fileprivate func transact<Value>(
        isDurable: Bool, _ body: (Database) throws -> Value
    ) throws -> Value {
        if isDurable { try execute(sql: "PRAGMA synchronous = FULL") }
        defer { if isDurable { try? execute(sql: "PRAGMA synchronous = NORMAL") } }
        var value: Value?
        try inTransaction(.immediate) {
            value = try body(self)
            return .commit
        }
        guard let value else { preconditionFailure("BUG: a transaction without an outcome") }
        return value
    }
}

// MARK: Retention

extension DerivedWriter {
    /// Removes the buckets of an interval that start before a moment; later samples for them are passed
    /// over. A floor never falls.
    public func raiseFloor(
        of interval: Interval, to floor: Timestamp
    ) async throws(StorageError) {
        let floor = interval.bucketStart(of: floor)
        try await write("raise a floor") { db in
            try FoldTables(db: db).raise(interval, to: floor)
            try RollupTable(db, interval).remove(before: floor)
        }
    }

    /// Returns when all that was committed is on the disk.
    /// - Returns: up to where the log is folded.
    public func makeDurable() async throws(StorageError) -> Checkpoint? {
        try await write("make the folds last", isDurable: true) { db in
            guard let position = try FoldTables(db: db).position() else { return nil }
            // Only a commit that writes something is synced.
            try FoldTables(db: db).write(position.checkpoint, settledAt: position.settledAt)
            return position.checkpoint
        }
    }

    /// Forgets where events stood in partitions that were removed.
    /// - Parameter id: the first line that the log has.
    public func forgetIndex(before id: EventID) async throws(StorageError) {
        try await write("forget a part of the event index") { db in
            try IndexTables(db: db).remove(before: id)
        }
    }

    /// Notes, durably, that lines of these event times leave the log or cannot be read.
    public func addUncovered(_ ranges: [UncoveredRange]) async throws(StorageError) {
        try await write("note uncovered ranges", isDurable: true) { db in
            for range in ranges { try FoldTables(db: db).add(range) }
        }
    }
}

// MARK: Rebuilding

extension DerivedWriter {
    /// Puts buckets that were counted anew in the place of the stored ones, in all intervals. It may be
    /// repeated, and the checkpoint stays.
    /// - Parameters:
    ///   - hours: whole hours.
    ///   - minutes: of these series and hours alone; empty to remove what is stored.
    public func replaceBuckets(
        of series: [SeriesID], in hours: TimeRange, by minutes: BucketBatch
    ) async throws(StorageError) {
        let limits = limits
        precondition(
            hours.isWholeHours && minutes.areWithin(Set(series), hours),
            "BUG: buckets outside of what they replace")
        try await write("replace buckets") { db in
            let transaction = FlushTransaction(db, limits)
            try transaction.settle()
            try transaction.remove(series, hours)
            try transaction.merge(minutes)
        }
    }

    /// Begins anew from another place in the log, perhaps with another fold version: removes the buckets
    /// that start within these hours and the folds' small state, and sets the checkpoint.
    public func rewind(
        to checkpoint: Checkpoint, removing hours: [TimeRange]
    ) async throws(StorageError) {
        let limits = limits
        precondition(hours.allSatisfy(\.isWholeHours), "BUG: hours that are not whole")
        try await write("rewind the folds") { db in
            let transaction = FlushTransaction(db, limits)
            try transaction.settle()
            let series = try SeriesTables(db: db).ids()
            for range in hours { try transaction.remove(series, range) }
            try FoldTables(db: db).removeState()
            try FoldTables(db: db).write(checkpoint, settledAt: checkpoint.time)
        }
    }
}

extension BucketBatch {
    fileprivate func areWithin(_ series: Set<SeriesID>, _ range: TimeRange) -> Bool {
        entries.allSatisfy { series.contains($0.series) && range.contains($0.start) }
    }
}
