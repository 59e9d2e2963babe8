internal import Catalogue
internal import EventLog
internal import Folds
internal import Foundation
public import NIOPosix
internal import Rollup
internal import Storage
internal import TimeSeries

/// Counts the log of a data folder anew, into a store beside the one that is there, and lets it take that
/// one's place. The folder belongs to the rebuild meanwhile.
///
///     log ─► a fold that knows nothing ─► derived.sqlite.new ─┬─ fsync, rename ─► derived.sqlite
///     derived.sqlite ─► hours that the log no longer covers ──╯
public struct Rebuild: Sendable {
    private let folder: String
    private let files: StoreFiles
    private let limits: Engine.Limits
    private let threads: NIOThreadPool

    /// - Parameter limits: as the server has them.
    public init(folder: String, limits: Engine.Limits, threads: NIOThreadPool) {
        self.folder = folder
        files = StoreFiles(folder: folder)
        self.limits = limits
        self.threads = threads
    }

    /// - Parameter metric: counts it alone anew, with the catalogue that is in force at the end of the log;
    ///   all else stays as it is stored. Nil for all metrics.
    public func run(
        metric: String?, _ listener: @escaping ProgressListener
    ) async throws(RecountRefusal) -> RebuildReport {
        do {
            guard FileManager.default.fileExists(atPath: folder + "/log") else {
                throw RecountRefusal(.noDataFolder, "\(folder) is no data folder")
            }
            let start = ContinuousClock.now
            let lock = try FolderLock(folder: folder)
            let log = try await openLog()
            try files.removeFresh()
            var report =
                if let metric {
                    try await fillIn(metric, log, listener)
                } else {
                    try await rebuild(log, listener)
                }
            try files.swap()
            report.seconds = (ContinuousClock.now - start) / .seconds(1)
            withExtendedLifetime(lock) {}
            return report
        } catch {
            throw RecountRefusal(error)
        }
    }

    /// As a start of the server opens it: its end is repaired.
    private func openLog() async throws -> EventLog {
        try await threads.runIfActive { [folder] in
            try EventLog.open(folder: folder + "/log") { UUID().uuidString.lowercased() }.log
        }
    }

    /// Lets `body` write the store that is to be, and makes it whole.
    private func writeFresh(
        _ store: DerivedStore, _ body: () async throws -> RebuildReport
    ) async throws -> RebuildReport {
        do {
            var report = try await body()
            try await store.writer.settle()
            guard try await store.moveWAL() else {
                throw RecountRefusal(.storeInUse, "another process reads \(files.freshPath)")
            }
            report.buckets = try await store.reader.snapshot(millisecondsMax: .max / 2) {
                try $0.counts.settledBuckets.values.reduce(0, +)
            }
            try store.close()
            return report
        } catch {
            try? store.close()
            try? files.removeFresh()
            throw error
        }
    }
}

// MARK: All metrics

extension Rebuild {
    private func rebuild(
        _ log: EventLog, _ listener: @escaping ProgressListener
    ) async throws -> RebuildReport {
        var discarded: String?
        var old: OldStore?
        do {
            if files.exists { old = try await OldStore.open(files, log, limits) }
        } catch let unusable as OldStore.Unusable {
            discarded = unusable.reason
        }
        _ = try await LogBase.copy(of: folder, to: files.freshPath, limits.store)
        let store = try DerivedStore(path: files.freshPath, limits: limits.store)
        return try await writeFresh(store) { [old] in
            var report = try await count(log, into: store, old, listener)
            report.discarded = discarded
            return report
        }
    }

    private func count(
        _ log: EventLog, into store: DerivedStore, _ old: OldStore?,
        _ listener: @escaping ProgressListener
    ) async throws -> RebuildReport {
        for (interval, floor) in old?.folds.floors ?? [:] {
            try await store.writer.raiseFloor(of: interval, to: floor)
        }
        // Copied from the base, where there is one.
        let base = try await store.reader.restore()
        let hasLostBeginning = old?.folds.hasLostBeginning ?? false
        var start = try RestoredFold.restored(
            base, logID: log.logID, lastID: .last, limits.fold)
        if let old, hasLostBeginning, base.checkpoint == nil {
            start = try .knowing(old.folds, catalogue: old.folds.catalogue, limits.fold)
        }
        let plan = Recount.Plan(
            logID: log.logID, start: start, removedThrough: base.checkpoint?.lastID ?? .none)
        let recount = Recount(log.snapshot(), plan, into: store, threads)
        try await recount.count(through: log.lastID, listener)
        var report = RebuildReport()
        report.lines = recount.lines
        guard let old else { return report }
        for fill in try MetricFill.all(old.folds) {
            _ = try await filling(fill, log, store).run(listener)
            report.filledIn.append(fill.metric)
        }
        let gaps = recount.gaps.filter { !(hasLostBeginning && $0.firstID == .first) }
        try await keep(old, base.uncovered, gaps, store, listener, &report)
        return report
    }

    /// Takes over what the log does not tell any more.
    private func keep(
        _ old: OldStore, _ removed: [UncoveredRange], _ gaps: [LogGap], _ store: DerivedStore,
        _ listener: @escaping ProgressListener, _ report: inout RebuildReport
    ) async throws {
        var uncovered = old.folds.uncovered + removed
        guard !uncovered.isEmpty || !gaps.isEmpty else { return }
        let scratch = try ScratchFolder()
        let copy = try await old.caughtUp(
            at: scratch.path + "/" + DerivedStore.fileName, threads, listener)
        defer { try? copy.close() }
        if try await Self.hasCounted(copy, moreThan: store) {
            uncovered += gaps.map { UncoveredRange(range: $0.range, reason: .corrupt) }
            report.lostLines = gaps.map(VerifyReport.LostLines.init)
        }
        guard !uncovered.isEmpty else { return }
        report.keptHours = try await KeptRollups(
            old: copy, target: store, uncovered: uncovered
        ).run()
    }

    /// Whether lines are counted in a store that are lost in the log. What a power failure leaves in it is
    /// damaged too, but was never counted.
    private static func hasCounted(
        _ old: DerivedStore, moreThan fresh: DerivedStore
    ) async throws -> Bool {
        let counts = Dictionary(
            try await SeriesRecord.all(of: fresh).map { ($0.row.key, $0.row.totals.count) },
            uniquingKeysWith: max)
        return try await SeriesRecord.all(of: old).contains { record in
            record.row.totals.count > counts[record.row.key] ?? 0
        }
    }
}

// MARK: One metric

extension Rebuild {
    private func fillIn(
        _ metric: String, _ log: EventLog, _ listener: @escaping ProgressListener
    ) async throws -> RebuildReport {
        guard files.exists else {
            throw RecountRefusal(.noStore, "\(files.path) does not exist")
        }
        let old: OldStore
        do {
            old = try await OldStore.open(files, log, limits)
        } catch let unusable as OldStore.Unusable {
            throw RecountRefusal(
                .damagedStore, "\(DerivedStore.fileName) is of no use: \(unusable.reason)")
        }
        let store = try await old.caughtUp(at: files.freshPath, threads, listener)
        return try await writeFresh(store) {
            try await fillIn(metric, log, store, listener)
        }
    }

    private func fillIn(
        _ metric: String, _ log: EventLog, _ store: DerivedStore,
        _ listener: @escaping ProgressListener
    ) async throws -> RebuildReport {
        let folds = try await store.reader.restore()
        let catalogue = UserCatalogue(json: folds.catalogue.span) ?? UserCatalogue()
        let isUsers = catalogue.metrics.contains { $0.name == metric && $0.source != nil }
        guard isUsers || folds.metrics.contains(where: { $0.name == metric }) else {
            throw RecountRefusal(.unknownMetric, "there is no metric of this name")
        }
        let fill = MetricFill(
            metric: metric, through: folds.checkpoint?.lastID ?? .none,
            catalogue: folds.catalogue)
        var filling = try await filling(fill, log, store)
        // What never depended on a catalogue is counted alike at any time.
        filling.isKept = isUsers
        var report = RebuildReport()
        let recount = try await filling.run(listener)
        report.lines = recount?.lines ?? 0
        report.lostLines = (recount?.gaps ?? []).map(VerifyReport.LostLines.init)
        report.filledIn = isUsers ? [metric] : []
        return report
    }

    private func filling(
        _ fill: MetricFill, _ log: EventLog, _ store: DerivedStore
    ) async throws -> MetricFilling {
        MetricFilling(
            fill: fill, log: log.snapshot(), target: store, limits: limits.fold,
            threads: threads, base: try await LogBase.copy(of: folder, limits.store))
    }
}
