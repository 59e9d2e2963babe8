internal import Catalogue
internal import Folds
internal import Queries
internal import Rollup
internal import TimeSeries

/// The series as queries ask for them: by metric, their tags read once.
struct SeriesDirectory: Sendable {
    private(set) var series: [KnownSeries] = []
    /// By metric, in the order of their numbers.
    private var byMetric: [String: [Int]] = [:]

    /// Takes in the series that have come since.
    mutating func update(_ fold: Fold) {
        while series.count < fold.series.count {
            let row = fold.series[SeriesID(UInt32(series.count))]
            guard let key = try? SeriesKey(canonical: row.key.span) else {
                preconditionFailure("BUG: a series whose key is not canonical")
            }
            let unit = fold.metrics.id(of: key.metric).map { fold.metrics[$0].unit } ?? ""
            byMetric[key.metric, default: []].append(series.count)
            series.append(
                KnownSeries(
                    id: row.series, key: key, kind: row.kind, unit: unit, scale: row.scale,
                    canonical: row.key))
        }
    }

    /// Every metric with its series, in the order of the names.
    var metrics: [(name: String, series: [KnownSeries])] {
        byMetric.sorted { $0.key < $1.key }.map { name, places in
            (name, places.map { series[$0] })
        }
    }

    func selected(by query: MetricQuery) -> [KnownSeries] {
        names(query).flatMap { byMetric[$0] ?? [] }.map { series[$0] }
    }

    private func names(_ query: MetricQuery) -> [String] {
        let exact = query.metrics.compactMap(\.exactName)
        guard exact.count < query.metrics.count else { return Array(Set(exact)) }
        return byMetric.keys.filter { query.selects(metric: $0) }
    }
}
