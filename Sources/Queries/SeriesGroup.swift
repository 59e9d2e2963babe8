internal import Rollup
public import TimeSeries

/// A series as queries see it.
public struct KnownSeries: Sendable {
    public let id: SeriesID
    public let key: SeriesKey
    public let kind: MetricKind
    public let unit: String
    public let scale: QuantityScale

    public init(
        id: SeriesID, key: SeriesKey, kind: MetricKind, unit: String, scale: QuantityScale
    ) {
        self.id = id
        self.key = key
        self.kind = kind
        self.unit = unit
        self.scale = scale
    }
}

/// Series of one metric that an answer shows as one.
public struct SeriesGroup: Sendable {
    public let metric: String
    public let kind: MetricKind
    public let unit: String
    public let scale: QuantityScale
    public let tags: [SeriesKey.Tag]
    public internal(set) var series: [SeriesID]
}

extension MetricQuery {
    public func selects(metric name: String) -> Bool { metrics.contains { $0.matches(name) } }

    public func selects(_ key: SeriesKey) -> Bool {
        selects(metric: key.metric)
            && tags.allSatisfy { tag, values in key[tag].map(values.contains) ?? false }
    }

    /// The groups of the answer, in the order of their metric and tags.
    public func groups(of known: some Sequence<KnownSeries>) -> [SeriesGroup] {
        var groups: [SeriesKey: SeriesGroup] = [:]
        for series in known where selects(series.key) {
            let key = groupKey(of: series.key)
            groups[key, default: SeriesGroup(series, key)].series.append(series.id)
        }
        let ordered = groups.sorted { Self.isBefore($0.key, $1.key) }.map(\.value)
        return Array(ordered.prefix(seriesMax ?? .max))
    }

    private func groupKey(of key: SeriesKey) -> SeriesKey {
        guard let groupBy else { return key }
        return SeriesKey(metric: key.metric, tags: key.tags.filter { groupBy.contains($0.key) })
    }

    private static func isBefore(_ left: SeriesKey, _ right: SeriesKey) -> Bool {
        left.canonical.lexicographicallyPrecedes(right.canonical)
    }
}

extension SeriesGroup {
    fileprivate init(_ series: KnownSeries, _ key: SeriesKey) {
        self.init(
            metric: key.metric, kind: series.kind, unit: series.unit, scale: series.scale,
            tags: key.tags, series: [])
    }
}
