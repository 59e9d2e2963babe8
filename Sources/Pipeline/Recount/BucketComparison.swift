internal import Rollup
internal import Storage
internal import TimeSeries

/// Holds the buckets of one interval against recounted ones, series after series.
struct BucketComparison {
    private(set) var count = VerifyReport.Count()
    private(set) var differences: Differences
    /// Whether a bucket differs whose lines may be among the lost ones.
    private(set) var hasLostLines = false
    private let interval: Interval
    private let coverage: Coverage

    init(_ interval: Interval, _ coverage: Coverage, _ differences: Differences) {
        self.interval = interval
        self.coverage = coverage
        self.differences = differences
    }

    /// - Parameters: of one series, each in the order of time.
    mutating func compare(
        _ stored: [SeriesBucket], _ recounted: [SeriesBucket], of match: SeriesMatch
    ) {
        var (left, right) = (stored[...], recounted[...])
        while let start = [left.first?.start, right.first?.start].compactMap(\.self).min() {
            let stored = left.first?.start == start ? left.popFirst()?.bucket : nil
            let recounted = right.first?.start == start ? right.popFirst()?.bucket : nil
            compare(stored, recounted, at: start, of: match)
        }
    }

    private mutating func compare(
        _ stored: Bucket?, _ recounted: Bucket?, at start: Timestamp, of match: SeriesMatch
    ) {
        let place = coverage.place(of: start, interval)
        guard place != .uncovered else { return count.skipped += 1 }
        if stored == recounted { return count.compared += 1 }
        guard place != .doubtful else {
            hasLostLines = true
            return count.skipped += 1
        }
        count.compared += 1
        count.different += 1
        differences.append(
            Difference(
                kind: .bucket, interval: interval.name, name: match.name,
                start: start.description, stored: stored?.text(match.scale),
                recounted: recounted?.text(match.scale)))
    }
}

/// Which event times the log still has all lines of.
struct Coverage: Sendable {
    /// By the store's own word.
    private let uncovered: [TimeRange]
    /// Around lines that cannot be read.
    private let doubtful: [TimeRange]

    enum Place {
        case covered
        case uncovered
        /// Lines of it may be lost: what agrees is right all the same.
        case doubtful
    }

    /// Whether rows that stand for the whole log can be recounted, but for lines that may be lost.
    private let hasWholeRows: Bool

    /// - Parameter base: what is known of the lines that retention has taken out.
    init(_ copy: StoreCopy, _ base: LogBase?, _ gaps: [LogGap]) {
        let all = copy.uncovered + base.uncovered
        uncovered = all.map(\.range)
        doubtful = gaps.map(\.range)
        hasWholeRows = all.allSatisfy { base != nil && $0.reason == .retention }
    }

    var isWhole: Bool { hasWholeRows && doubtful.isEmpty }
    /// Whether no row is uncovered, though lines may be lost.
    var isDoubtful: Bool { hasWholeRows && !doubtful.isEmpty }

    func place(of start: Timestamp, _ interval: Interval) -> Place {
        let end = start.advanced(byMilliseconds: interval.milliseconds)
        guard let bucket = TimeRange(from: start, to: end) else { return .covered }
        if uncovered.contains(where: bucket.overlaps) { return .uncovered }
        return doubtful.contains(where: bucket.overlaps) ? .doubtful : .covered
    }
}

extension StoreCopy {
    /// Lost lines that retention does not explain.
    func unexplained(_ gaps: [LogGap]) -> [LogGap] {
        gaps.filter { !(folds.hasLostBeginning && $0.firstID == .first) }
    }
}
