internal import EventLog
internal import Folds
internal import NIOPosix
internal import Rollup
internal import Storage
internal import TimeSeries

/// Counts one metric over the whole log, and puts that in the place of what a store has of it.
struct MetricFilling {
    let fill: MetricFill
    let log: LogSnapshot
    let target: DerivedStore
    let limits: Fold.Limits
    let threads: NIOThreadPool
    /// What is known of lines that retention has taken out.
    let base: LogBase?
    /// Whether a recount must do the same again.
    var isKept = true

    /// - Returns: the recount, for what it says of the log.
    func run(_ listener: ProgressListener) async throws -> Recount? {
        let folds = try await target.reader.restore()
        guard let end = folds.checkpoint else { return nil }
        var scratch = try await threads.runIfActive { try ScratchStore() }
        var plan = try fill.plan(folds, logID: end.logID, limits)
        plan.removedThrough = base.lastID
        if let base, !isKept {
            // What no catalogue changes was counted in the base too.
            plan.start = try base.fold(end.logID, limits)
            scratch = base.scratch
        }
        let recount = Recount(log, plan, into: scratch.store, threads)
        try await recount.count(through: end.lastID, listener)
        listener(
            RecountProgress(
                phase: .storing, lastID: end.lastID.value, throughID: end.lastID.value))
        let counted = try await SeriesRecord.all(of: scratch.store)
            .filter { $0.metric == fill.metric }
        let numbers = try await amend(counted)
        let uncovered = folds.uncovered + base.uncovered
        let lost = uncovered.map(\.range) + recount.gaps.map(\.range)
        let covered = HourRanges(touching: lost).complement
        try await target.remove(try await series(), in: covered)
        for record in counted {
            guard let series = numbers[record.row.series] else { continue }
            try await target.replace(
                series, in: covered, by: record.row.series, .oneMinute, of: scratch.store.reader)
        }
        return recount
    }

    private func amend(_ counted: [SeriesRecord]) async throws -> [SeriesID: SeriesID] {
        var amendment = SeriesAmendment(try await SeriesRecord.all(of: target))
        try await target.amend { flush in
            for record in counted {
                // Where lines are gone, the larger sum holds: totals never fall.
                let isWhole = base == nil || !isKept
                let stored = amendment.record(of: record.row.key)?.row.totals.count ?? 0
                amendment.take(
                    record, isNewer: isWhole || record.row.totals.count > stored, into: &flush)
            }
            flush.state.written.removeAll { $0.key == fill.row.key }
            if isKept { flush.put(fill.row) }
        }
        return amendment.numbers
    }

    /// All that the store has of the metric.
    private func series() async throws -> [SeriesID] {
        try await SeriesRecord.all(of: target).filter { $0.metric == fill.metric }
            .map(\.row.series)
    }
}

extension SeriesRecord {
    static func all(of store: DerivedStore) async throws -> [SeriesRecord] {
        try all(try await store.reader.restore(), try await store.reader.admissions())
    }
}
