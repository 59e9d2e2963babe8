import Rollup
import Storage
import TestSupport
import TimeSeries

extension ScratchFolder {
    var storePath: String { path + "/" + DerivedStore.fileName }
}

extension DerivedStore {
    /// All buckets of an interval.
    func rows(_ interval: Interval) async throws -> [SeriesBucket] {
        try await reader.snapshot { snapshot in
            var rows: [SeriesBucket] = []
            try snapshot.forEachSeries(interval) { rows += $0 }
            return rows
        }
    }
}
