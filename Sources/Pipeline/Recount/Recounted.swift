internal import EventLog
internal import Folds
internal import NIOPosix
internal import Rollup
internal import Storage
internal import TimeSeries

/// A log counted anew, as a store should have it: all of it, and once more for each metric that was filled
/// in.
struct Recounted: Sendable {
    private struct Part: Sendable {
        let recount: Recount
        let scratch: ScratchStore
        /// Nil for all metrics.
        let metric: String?
    }

    private let parts: [Part]
    private let filled: Set<String>
    /// From where it was counted, where that is not the log's beginning.
    let base: LogBase?

    /// - Parameters:
    ///   - copy: of the store that is held against it.
    ///   - base: of the same log.
    init(
        _ copy: StoreCopy, _ base: LogBase?, _ log: LogSnapshot, _ limits: Fold.Limits,
        _ threads: NIOThreadPool
    ) async throws {
        let logID = copy.checkpoint.logID
        var start = RestoredFold.empty(limits)
        if let base {
            start = try base.fold(logID, limits)
        } else if copy.folds.hasLostBeginning {
            start = try .knowing(copy.folds, catalogue: copy.folds.catalogue, limits)
        }
        var plans = [
            Recount.Plan(logID: logID, start: start, removedThrough: base.lastID)
        ]
        for fill in try MetricFill.all(copy.folds) {
            var plan = try fill.plan(copy.folds, logID: logID, limits)
            plan.removedThrough = base.lastID
            plans.append(plan)
        }
        var parts: [Part] = []
        for plan in plans {
            var scratch = parts.isEmpty ? base?.scratch : nil
            if scratch == nil { scratch = try await threads.runIfActive { try ScratchStore() } }
            guard let scratch else { continue }
            for (interval, floor) in copy.floors {
                try await scratch.store.writer.raiseFloor(of: interval, to: floor)
            }
            parts.append(
                Part(
                    recount: Recount(log, plan, into: scratch.store, threads), scratch: scratch,
                    metric: plan.metric))
        }
        self.parts = parts
        self.base = base
        filled = Set(parts.compactMap(\.metric))
    }

    var lines: Int { parts[0].recount.lines }
    var gaps: [LogGap] { parts[0].recount.gaps }
    var lastID: EventID { parts[0].recount.lastID }
    var logID: String? { parts[0].recount.logID }
    var hasFills: Bool { !filled.isEmpty }

    func isFilled(_ metric: String) -> Bool { filled.contains(metric) }

    func count(through id: EventID, _ listener: ProgressListener) async throws {
        for part in parts { try await part.recount.count(through: id, listener) }
    }

    /// The folds' rows of the whole recount.
    func folds() async throws -> StoredFolds {
        try await parts[0].scratch.store.reader.restore()
    }

    /// The last line that the log no longer needs to have.
    var removedThrough: EventID { base?.lastID ?? .none }

    /// The event index of the whole recount.
    var index: DerivedReader { parts[0].scratch.store.reader }

    /// The stored series beside the recounted ones: first the stored ones, by number.
    func matches(_ stored: [SeriesRecord]) async throws -> [SeriesMatch] {
        var recounted: [[UInt8]: (record: SeriesRecord, source: DerivedReader)] = [:]
        for part in parts {
            let reader = part.scratch.store.reader
            let records = try SeriesRecord.all(
                try await reader.restore(), try await reader.admissions())
            for record in records where isOf(part, record.metric) {
                recounted[record.row.key] = (record, reader)
            }
        }
        var matches = stored.map { record in
            let found = recounted.removeValue(forKey: record.row.key)
            return SeriesMatch(
                key: record.row.key, stored: record, recounted: found?.record,
                source: found?.source)
        }
        let rest = recounted.values.sorted { $0.record.row.series < $1.record.row.series }
        matches += rest.map {
            SeriesMatch(
                key: $0.record.row.key, stored: nil, recounted: $0.record, source: $0.source)
        }
        return matches
    }

    private func isOf(_ part: Part, _ metric: String) -> Bool {
        part.metric.map { $0 == metric } ?? !isFilled(metric)
    }
}

extension StoredFolds {
    /// Whether retention has removed the log's first lines.
    var hasLostBeginning: Bool { uncovered.contains { $0.reason == .retention } }

    /// The catalogue in force; empty where there is none.
    var catalogue: [UInt8] { state.first { $0.key == .catalogue }?.value ?? [] }
}
