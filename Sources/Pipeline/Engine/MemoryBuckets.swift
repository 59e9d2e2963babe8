internal import Rollup
internal import TimeSeries

/// Buckets of minutes that were not stored when a query began, in the order in which they will be.
struct MemoryBuckets: Sendable {
    private struct Part {
        /// The store holds the part once its checkpoint has come here.
        let lastID: EventID
        /// In the order of series and start.
        let minutes: [SeriesBucket]
    }

    private var parts: [Part] = []

    /// - Parameter minutes: in the order of series and start.
    mutating func append(_ minutes: [SeriesBucket], storedThrough id: EventID) {
        if !minutes.isEmpty { parts.append(Part(lastID: id, minutes: minutes)) }
    }

    /// The buckets of some series that a snapshot of the store does not hold, in the order of series and
    /// start.
    /// - Parameters:
    ///   - id: the snapshot's checkpoint.
    ///   - floor: of the interval.
    func missing(
        after id: EventID, of series: [SeriesID], _ interval: Interval, floor: Timestamp?
    ) -> [SeriesBucket] {
        var minutes: [SeriesBucket] = []
        for part in parts where part.lastID > id {
            for one in series { minutes += part.minutes.of(one) }
        }
        guard !minutes.isEmpty else { return [] }
        return BucketBatch(merging: minutes).expanded(to: interval, floor: floor).batch.entries
    }
}

extension [SeriesBucket] {
    /// Those of one series, found by halves.
    fileprivate func of(_ series: SeriesID) -> ArraySlice<SeriesBucket> {
        self[firstPlace { $0.series >= series }..<firstPlace { $0.series > series }]
    }

    /// - Parameter isBehind: false for some of the first, true for all others.
    private func firstPlace(_ isBehind: (SeriesBucket) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
