public import Rollup
internal import TimeSeries

/// The buckets of many series, found by their series.
public struct SeriesBuckets: Sendable {
    private(set) var packed: PackedBuckets
    private var places: [SeriesID: PackedBuckets.Places] = [:]

    /// - Parameter packed: in the order of series and start.
    public init(_ packed: PackedBuckets) {
        self.packed = packed
        let entries = packed.entries
        var start = 0
        while start < entries.count {
            let series = entries[start].series
            let end = entries.firstPlace(behind: series, from: start)
            places[series] = PackedBuckets.Places(start..<end)
            start = end
        }
    }

    /// Merges further buckets into these.
    /// - Parameter others: in the order of series and start.
    public mutating func merge(_ others: [SeriesBucket]) throws(SketchFault) {
        var rest = others[...]
        while let series = rest.first?.series {
            let same = rest.prefix { $0.series == series }
            rest = rest.dropFirst(same.count)
            let own = places[series]?.first ?? 0..<0
            places[series] = try packed.merge(same, into: own)
        }
    }

    func places(of series: SeriesID) -> PackedBuckets.Places {
        places[series] ?? PackedBuckets.Places(0..<0)
    }
}

extension [PackedBuckets.Entry] {
    /// The end of a series' entries; they are many, so most of them are leapt over.
    fileprivate func firstPlace(behind series: SeriesID, from start: Int) -> Int {
        var (low, high) = (start, count)
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle].series == series { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
