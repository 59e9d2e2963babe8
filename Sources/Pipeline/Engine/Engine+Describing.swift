internal import Catalogue
public import Folds
public import Queries
internal import Rollup
internal import TimeSeries

extension Engine {
    /// The current value of every series.
    /// - Parameter seriesMax: of all metrics together; whole metrics are left out beyond it.
    public func exposition(_ gauges: [Exposition.Gauge], seriesMax: Int) -> Exposition {
        var exposition = Exposition(gauges)
        // With what is counted and not stored yet.
        var lives = lifetimes
        _ = lives.add(fold.buckets.batch())
        var rest = seriesMax
        for (name, series) in directory.metrics {
            let shown = series.prefix(rest).compactMap { known in
                lives[known.id].map { Exposition.Series(known, life: $0) }
            }
            rest -= shown.count
            exposition.append(shown, help: fold.help(of: name))
        }
        return exposition
    }

    /// Every metric that has series or an entry of the user's, in the order of their names.
    public func metricSummaries() -> [MetricSummary] {
        MetricSummary.all(directory.series, fold)
    }
}

extension MetricSummary {
    /// - Parameter series: all that the fold knows.
    public static func all(_ series: [KnownSeries], _ fold: Fold) -> [MetricSummary] {
        let byMetric = Dictionary(grouping: series, by: \.key.metric)
        let names = Set(byMetric.keys).union(fold.catalogue.metrics.map(\.name))
        return names.sorted().compactMap { name in
            fold.metrics.id(of: name).map { id in
                let metric = fold.metrics[id]
                return MetricSummary(
                    name: name, kind: metric.kind, unit: metric.unit, help: fold.help(of: name),
                    series: byMetric[name] ?? [])
            }
        }
    }
}
