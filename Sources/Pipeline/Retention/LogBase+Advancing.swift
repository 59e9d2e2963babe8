internal import EventLog
internal import Folds
internal import NIOPosix
internal import Storage
internal import TimeSeries

/// Moves the base over lines that are to leave the log: the folds go through them, and the hours that they
/// count in become uncovered. Each step is on the disk before the next one.
struct BaseAdvance {
    private let folder: String
    private let log: EventLog
    private let limits: Engine.Limits
    private let threads: NIOThreadPool

    init(folder: String, log: EventLog, limits: Engine.Limits, threads: NIOThreadPool) {
        (self.folder, self.log, self.threads) = (folder, log, threads)
        var limits = limits
        // Nobody waits for it, and what it takes on the disk counts.
        limits.store.walBytesMax = 0
        self.limits = limits
    }

    /// - Parameters:
    ///   - id: the last one that a line to be removed may have.
    ///   - known: what the rollups say is uncovered.
    /// - Returns: all that is uncovered then.
    func run(through id: EventID, known: [UncoveredRange]) async throws -> [UncoveredRange] {
        let (store, start) = try await opened(known)
        do {
            try await advance(store, start, through: id)
            let uncovered = try await store.reader.restore().uncovered
            _ = try await store.moveWAL()
            try store.close()
            return uncovered
        } catch {
            try? store.close()
            throw error
        }
    }

    private func advance(
        _ store: DerivedStore, _ start: RestoredFold, through id: EventID
    ) async throws {
        let first = start.fold.position
        guard first.lastID < id else { return }
        var plan = Recount.Plan(logID: log.logID, start: start.withoutIndex)
        plan.isOfLeavingLines = true
        let recount = Recount(log.snapshot(), plan, into: store, threads)
        try await recount.count(through: id) { _ in }
        // The last ids of a partition may be those of a failed group, without lines.
        let reached = try await store.reader.restore().checkpoint
        guard reached?.lastID ?? .none < id else { return }
        let end = Checkpoint(
            logID: log.logID, lastID: id, time: reached?.time ?? first.clock,
            foldVersion: Int64(Fold.version))
        _ = try await store.writer.commit(Flush(checkpoint: end), isDurable: true)
    }

    /// Where a base cannot be gone on from, or was lost, another one is begun. What it cannot know any more,
    /// no recount is held against: it is uncovered as if it were damaged.
    private func opened(
        _ known: [UncoveredRange]
    ) async throws -> (store: DerivedStore, start: RestoredFold) {
        let path = LogBase.path(folder)
        var lost = known
        do throws(StorageError) {
            let store = try DerivedStore(path: path, limits: limits.store)
            let folds = try await store.reader.restore()
            if let start = start(folds, known) { return (store, start) }
            lost += folds.uncovered
            try store.close()
        } catch {
            guard error.code == .corrupt else { throw error }
        }
        try DerivedStore.remove(at: path)
        let store = try DerivedStore(path: path, limits: limits.store)
        try await store.writer.addUncovered(
            lost.map { UncoveredRange(range: $0.range, reason: .corrupt) })
        return (store, .empty(limits.fold))
    }

    private func start(_ folds: StoredFolds, _ known: [UncoveredRange]) -> RestoredFold? {
        if folds.checkpoint == nil, !known.isEmpty { return nil }
        return try? .restored(folds, logID: log.logID, lastID: .last, limits.fold)
    }
}
