internal import Catalogue
internal import Folds
public import Queries
internal import Rollup
internal import TimeSeries

extension Engine {
    /// The current value of every series.
    /// - Parameter seriesMax: of all metrics together; whole metrics are left out beyond it.
    public func exposition(seriesMax: Int) -> Exposition {
        var exposition = Exposition()
        // With what is counted and not stored yet.
        var lives = lifetimes
        _ = lives.add(fold.buckets.batch())
        var rest = seriesMax
        for (name, series) in directory.metrics {
            let shown = series.prefix(rest).compactMap { known in
                lives[known.id].map { Exposition.Series(known, life: $0) }
            }
            rest -= shown.count
            let help = fold.metrics.id(of: name).map { fold.metrics[$0].help } ?? ""
            exposition.append(shown, help: help)
        }
        return exposition
    }

    /// Every metric that has series, in the order of their names.
    public func metricSummaries() -> [MetricSummary] {
        directory.metrics.map { name, series in
            let definition = fold.metrics.id(of: name).map { fold.metrics[$0] }
            return MetricSummary(name: name, series: series, help: definition?.help ?? "")
        }
    }
}
