internal import Rollup
internal import Storage
internal import TimeSeries

/// Holds rows against recounted ones that stand for the whole log: series, and what the folds remember.
struct RowComparison: Sendable {
    private(set) var count = VerifyReport.Count()
    private(set) var differences: Differences
    private(set) var hasLostLines = false
    private let coverage: Coverage

    init(_ coverage: Coverage, _ differences: Differences) {
        self.coverage = coverage
        self.differences = differences
    }

    /// - Parameter isKnown: whether the recount can have it as it is.
    mutating func compare(
        isSame: Bool, isKnown: Bool = true, _ difference: @autoclosure () -> Difference
    ) {
        if isSame { return count.compared += 1 }
        guard isKnown else { return count.skipped += 1 }
        guard coverage.isWhole else {
            hasLostLines = hasLostLines || coverage.isDoubtful
            return count.skipped += 1
        }
        count.compared += 1
        count.different += 1
        differences.append(difference())
    }

    mutating func compare(_ matches: [SeriesMatch], _ recounted: Recounted) {
        for match in matches {
            let how: SeriesRecord.Comparison =
                if recounted.isFilled(match.metric) {
                    .ofFilledIn
                } else {
                    recounted.hasFills ? .withoutNumbers : .whole
                }
            let isSame =
                if let stored = match.stored, let recounted = match.recounted {
                    stored.isSame(as: recounted, how: how)
                } else {
                    false
                }
            compare(
                isSame: isSame,
                // The base has no part of a metric that was filled in.
                isKnown: recounted.base == nil || !recounted.isFilled(match.metric),
                Difference(
                    kind: .series, name: match.name, stored: match.stored?.text,
                    recounted: match.recounted?.text))
        }
    }

    mutating func compare(_ stored: StoredFolds, _ recounted: StoredFolds) {
        let (left, right) = (StateRows(stored).rows, StateRows(recounted).rows)
        for name in Set(left.keys).union(right.keys).sorted() {
            compare(
                isSame: left[name] == right[name],
                Difference(
                    kind: .state, name: name, stored: left[name], recounted: right[name]))
        }
    }
}

extension SeriesMatch {
    fileprivate var metric: String { stored?.metric ?? recounted?.metric ?? "" }
}
