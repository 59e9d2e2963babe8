public import EventLog
internal import Foundation
internal import NIOPosix
public import Retention
internal import Storage
public import TimeSeries

/// Carries out a policy in a data folder: one at a time.
///
/// A partition leaves in steps, each of them on the disk before the next one; after a crash at any of them the
/// next run goes on there:
///
///     derived.sqlite   counts its lines
///     base.sqlite      the folds behind its last line, and the hours that it counts in: it is marked
///     derived.sqlite   knows these hours as uncovered
///     log/             the file is removed, the folder synced
///     derived.sqlite   forgets where its events stood
public actor RetentionWorker {
    private let folder: String
    private let log: EventLog
    private let store: DerivedStore
    /// Nil where no server answers from the rollups.
    private let engine: Engine?
    private let policy: RetentionPolicy
    private let limits: Engine.Limits
    private let threads: NIOThreadPool
    private let now: @Sendable () -> Timestamp
    private var isBusy = false
    /// A run that was cut short did not forget all; and the last chapter of a partition may come to the store when the
    /// partition has gone, so that the next run looks again.
    private var mayHaveLeftIndex = true
    /// Up to here lines are marked; nil until that was looked up.
    private var markedThrough: EventID?

    /// Beside an engine that counts the log.
    public init(
        _ policy: RetentionPolicy, log: EventLog, engine: Engine,
        now: @escaping @Sendable () -> Timestamp
    ) {
        (folder, store, self.engine) = (engine.folder, engine.store, engine)
        (limits, threads) = (engine.limits, engine.threads)
        (self.policy, self.log, self.now) = (policy, log, now)
    }

    /// Of a folder that nobody else uses.
    init(
        _ policy: RetentionPolicy, folder: String, log: EventLog, store: DerivedStore,
        limits: Engine.Limits, threads: NIOThreadPool, now: @escaping @Sendable () -> Timestamp
    ) {
        (self.folder, self.store, engine) = (folder, store, nil)
        (self.limits, self.threads) = (limits, threads)
        (self.policy, self.log, self.now) = (policy, log, now)
    }

    /// What would be taken away now.
    public func plan() async throws(RetentionFailure) -> RetentionReport {
        do {
            let contents = try await contents()
            return RetentionReport(RetentionPlan(policy, contents, now: now()), contents)
        } catch {
            throw RetentionFailure(error)
        }
    }

    /// Takes it away.
    public func apply() async throws(RetentionFailure) -> RetentionReport {
        guard !isBusy else {
            throw RetentionFailure("retention is at work already", isBusy: true)
        }
        isBusy = true
        defer { isBusy = false }
        do {
            try await finish()
            let contents = try await contents()
            let plan = RetentionPlan(policy, contents, now: now())
            var report = RetentionReport(plan, contents)
            report.keep(Set(try await prune(plan)))
            for (interval, floor) in plan.floors { try await raiseFloor(of: interval, to: floor) }
            return report
        } catch {
            throw RetentionFailure(error)
        }
    }

    /// The size of all that the folder holds.
    public func folderBytes() async throws(RetentionFailure) -> Int64 {
        do {
            return try await threads.runIfActive { [folder] in FileSizes.bytes(in: folder) }
        } catch {
            throw RetentionFailure(error)
        }
    }

    private func contents() async throws -> FolderContents {
        try await FolderContents.read(folder, log.snapshot(), store.reader, threads)
    }
}

// MARK: Removing partitions

extension RetentionWorker {
    /// Removes what a run that was cut short has marked.
    private func finish() async throws {
        let id = try await marked()
        guard id > .none else { return }
        if mayHaveLeftIndex {
            try await forgetIndex()
            mayHaveLeftIndex = false
        }
        let marked = log.snapshot().closed.filter { $0.lastID <= id }.map(\.partition)
        // Of a store that was folded from an older place of the log, lines are needed yet.
        guard !marked.isEmpty, try await isCounted(through: id) else { return }
        _ = try await remove(marked, through: id)
    }

    private func marked() async throws -> EventID {
        if let markedThrough { return markedThrough }
        let id = try await LogBase.lastID(of: folder, limits.store)
        markedThrough = id
        return id
    }

    /// - Returns: the names of the files that were removed.
    private func prune(_ plan: RetentionPlan) async throws -> [String] {
        let names = Set(plan.prunings.map(\.partition.fileName))
        let leaving = log.snapshot().closed.filter { names.contains($0.partition.fileName) }
        guard let id = leaving.last?.lastID, try await isCounted(through: id) else { return [] }
        return try await remove(leaving.map(\.partition), through: id)
    }

    /// Whether all lines up to one are counted, and that is on the disk.
    private func isCounted(through id: EventID) async throws -> Bool {
        guard let checkpoint = try await store.writer.makeDurable() else { return false }
        return checkpoint.lastID >= id
    }

    private func remove(
        _ partitions: [Partition], through id: EventID
    ) async throws -> [String] {
        let known = try await store.reader.snapshot { try $0.uncovered }
        let advance = BaseAdvance(folder: folder, log: log, limits: limits, threads: threads)
        markedThrough = nil
        let uncovered = try await advance.run(through: id, known: known)
        try await store.writer.addUncovered(uncovered)
        let removed = try await threads.runIfActive { [log] in
            try partitions.filter { try log.remove($0) }.map(\.fileName)
        }
        try await forgetIndex()
        mayHaveLeftIndex = true
        return removed
    }

    /// Where events stood that the log no longer has.
    private func forgetIndex() async throws {
        guard let first = log.snapshot().partitions.first else { return }
        try await store.writer.forgetIndex(before: first.name.firstID)
    }
}

// MARK: Removing buckets

extension RetentionWorker {
    private func raiseFloor(of interval: Interval, to floor: Timestamp) async throws {
        if let engine {
            try await engine.raiseFloor(of: interval, to: floor)
        } else {
            try await store.writer.raiseFloor(of: interval, to: floor)
        }
    }
}

extension Engine {
    /// Removes the buckets of an interval that start before a moment, and takes no more for them.
    func raiseFloor(of interval: Interval, to floor: Timestamp) async throws(StorageError) {
        try await store.writer.raiseFloor(of: interval, to: floor)
        floors[interval] = max(floors[interval] ?? floor, interval.bucketStart(of: floor))
    }
}
