internal import EventIndex
internal import EventLog
internal import Folds
internal import Foundation
public import NIOPosix
internal import Rollup
internal import Storage
internal import TimeSeries

/// Counts a log anew up to where its store has come, and compares row by row.
///
///     store ─► a copy of one moment ─────────────╮
///     log ───► a fold that knows nothing ─► rows ┴─► compared with ==
///
/// Store and log may be in use meanwhile: neither is changed, or kept from being.
public struct Verification: Sendable {
    /// How often it begins anew because retention removed lines meanwhile.
    private static let triesMax = 5

    private let folder: String
    private let reader: DerivedReader
    private let log: @Sendable () throws(LogError) -> LogSnapshot
    private let limits: Engine.Limits
    private let threads: NIOThreadPool

    /// - Parameter log: asked for once the store is copied, so that it has all lines that the store counts.
    init(
        _ folder: String, _ reader: DerivedReader, _ limits: Engine.Limits,
        _ threads: NIOThreadPool,
        log: @escaping @Sendable () throws(LogError) -> LogSnapshot
    ) {
        self.folder = folder
        self.reader = reader
        self.limits = limits
        self.threads = threads
        self.log = log
    }

    /// Of a data folder that another process may use.
    /// - Parameter limits: as the server has them.
    public init(
        folder: String, limits: Engine.Limits, threads: NIOThreadPool
    ) throws(RecountRefusal) {
        let (log, store) = (folder + "/log", folder + "/" + DerivedStore.fileName)
        guard FileManager.default.fileExists(atPath: log) else {
            throw RecountRefusal(.noDataFolder, "\(folder) is no data folder")
        }
        guard FileManager.default.fileExists(atPath: store) else {
            throw RecountRefusal(.noStore, "\(store) does not exist: nothing is counted yet")
        }
        do {
            let reader = try DerivedReader(readingOnly: store, limits: limits.store)
            self.init(folder, reader, limits, threads) { () throws(LogError) in
                try EventLog.readOnlySnapshot(folder: log)
            }
        } catch {
            throw RecountRefusal(error)
        }
    }

    public func run(_ listener: @escaping ProgressListener) async throws(RecountRefusal)
        -> VerifyReport
    {
        do {
            for _ in 0..<Self.triesMax {
                if let report = try await verify(listener) { return report }
            }
        } catch {
            throw RecountRefusal(error)
        }
        throw RecountRefusal(
            .logRemoved, "retention removed lines while they were recounted, again and again")
    }
}

// MARK: The steps

extension Verification {
    /// - Returns: nil where retention took lines out meanwhile.
    private func verify(_ listener: @escaping ProgressListener) async throws -> VerifyReport? {
        let start = ContinuousClock.now
        listener(RecountProgress(phase: .copying, lastID: 0, throughID: 0))
        let base = try await LogBase.copy(of: folder, limits.store)
        guard let copy = try await StoreCopy.of(reader), let last = copy.folds.checkpoint else {
            return VerifyReport(lastID: 0)
        }
        try copy.check(logID: nil)
        let log = try await threads.runIfActive { [log] in try log() }
        let recounted = try await Recounted(copy, base, log, limits.fold, threads)
        var report = VerifyReport(lastID: last.lastID.value)
        report.storedBuckets = copy.bucketCount
        report.removedThrough = base.lastID.value
        try await recounted.count(through: copy.checkpoint.lastID, listener)
        try copy.check(logID: recounted.logID)
        var differences = try await compareBuckets(copy, recounted, listener, &report)
        try await recounted.count(through: last.lastID, listener)
        try await compareRows(copy, recounted, &differences, &report)
        if recounted.lastID < last.lastID { report.isLogDamaged = true }
        report.lines = recounted.lines
        report.lostLines = copy.unexplained(recounted.gaps).map(VerifyReport.LostLines.init)
        report.differences = differences.shown
        guard try await LogBase.lastID(of: folder, limits.store) == base.lastID else { return nil }
        report.seconds = (ContinuousClock.now - start) / .seconds(1)
        return report
    }

    private func compareBuckets(
        _ copy: StoreCopy, _ recounted: Recounted, _ listener: ProgressListener,
        _ report: inout VerifyReport
    ) async throws -> Differences {
        let coverage = Coverage(copy, recounted.base, copy.unexplained(recounted.gaps))
        let matches = try await recounted.matches(copy.records())
        let last = copy.checkpoint.lastID.value
        var differences = Differences()
        for interval in Interval.allCases {
            var comparison = BucketComparison(interval, coverage, differences)
            var stored = try copy.buckets(interval)
            for match in matches {
                try checkWhetherWanted()
                let left = try await next(of: &stored, match)
                comparison.compare(left, try await match.buckets(interval), of: match)
                listener(RecountProgress(phase: .comparing, lastID: last, throughID: last))
            }
            differences = comparison.differences
            report.isLogDamaged = report.isLogDamaged || comparison.hasLostLines
            report.intervals.append(
                VerifyReport.IntervalCount(interval: interval.name, buckets: comparison.count))
        }
        return differences
    }

    /// Reads where reading may block.
    private func next(
        of file: inout BucketFileReader, _ match: SeriesMatch
    ) async throws -> [SeriesBucket] {
        guard let series = match.stored?.row.series else { return [] }
        let (buckets, moved) = try await threads.runIfActive { [file] in
            var file = file
            return (try file.buckets(of: series), file)
        }
        file = moved
        return buckets
    }

    private func compareRows(
        _ copy: StoreCopy, _ recounted: Recounted, _ differences: inout Differences,
        _ report: inout VerifyReport
    ) async throws {
        let coverage = Coverage(copy, recounted.base, copy.unexplained(recounted.gaps))
        var series = RowComparison(coverage, differences)
        series.compare(try await recounted.matches(copy.records()), recounted)
        var state = RowComparison(coverage, series.differences)
        state.compare(copy.folds, try await recounted.folds())
        let index = try await compareIndex(
            copy, recounted, RowComparison(coverage, state.differences))
        (report.series, report.state, report.index) = (series.count, state.count, index.count)
        for rows in [series, state, index] where rows.hasLostLines { report.isLogDamaged = true }
        differences = index.differences
    }

    private func compareIndex(
        _ copy: StoreCopy, _ recounted: Recounted, _ rows: RowComparison
    ) async throws -> RowComparison {
        let comparison = IndexComparison(
            reader, after: recounted.removedThrough,
            through: copy.folds.indexEnd?.lastID ?? .none, recounted.index, rows)
        return try await threads.runIfActive {
            var comparison = comparison
            try comparison.run()
            return comparison.rows
        }
    }
}

extension StoreCopy {
    fileprivate func records() throws -> [SeriesRecord] {
        try SeriesRecord.all(folds, admissions)
    }
}

extension SeriesMatch {
    private static let pageBucketsMax = 50_000

    /// All recounted buckets, in the order of time.
    func buckets(_ interval: Interval) async throws -> [SeriesBucket] {
        guard let source, let series = recounted?.row.series else { return [] }
        var query = BucketQuery(
            series: [series], interval: interval, range: .wholeCalendar,
            bucketsMax: Self.pageBucketsMax)
        var buckets: [SeriesBucket] = []
        repeat {
            let page = try await source.buckets(query)
            buckets += try page.buckets()
            query.after = page.next
        } while query.after != nil
        return buckets
    }
}

extension TimeRange {
    /// Whole hours; all that RFC 3339 can say.
    static let wholeCalendar: TimeRange = {
        let bounds = Timestamp.representable
        let end = Interval.oneHour.bucketStart(of: bounds.upperBound)
            .advanced(byMilliseconds: Interval.oneHour.milliseconds)
        guard let range = TimeRange(from: bounds.lowerBound, to: end) else {
            preconditionFailure("BUG: there is no time")
        }
        return range
    }()
}

extension VerifyReport.LostLines {
    init(_ gap: LogGap) {
        self.init(
            firstID: gap.firstID.value, lastID: gap.lastID.value, fileName: gap.fileName)
    }
}
