internal import Rollup
public import TimeSeries

/// A series as queries see it.
public struct KnownSeries: Sendable {
    public let id: SeriesID
    public let key: SeriesKey
    public let kind: MetricKind
    public let unit: String
    public let scale: QuantityScale
    /// The key's bytes, by which an answer is ordered.
    let canonical: [UInt8]

    /// - Parameter canonical: of the key, where it is at hand.
    public init(
        id: SeriesID, key: SeriesKey, kind: MetricKind, unit: String, scale: QuantityScale,
        canonical: [UInt8]? = nil
    ) {
        self.id = id
        self.key = key
        self.kind = kind
        self.unit = unit
        self.scale = scale
        self.canonical = canonical ?? key.canonical
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
        let selected = known.filter { selects($0.key) }
        let groups = groupBy.map { OrderedGroup.merged(selected, by: $0) }
        let ordered = (groups ?? selected.map { OrderedGroup($0) })
            .sorted { $0.canonical.lexicographicallyPrecedes($1.canonical) }
        return ordered.prefix(seriesMax ?? .max).map(\.group)
    }
}

/// A group with the bytes of its metric and tags.
private struct OrderedGroup {
    let canonical: [UInt8]
    private(set) var group: SeriesGroup

    /// A series that is a group for itself.
    init(_ series: KnownSeries) {
        canonical = series.canonical
        group = SeriesGroup(series, series.key)
        group.series = [series.id]
    }

    private init(_ series: KnownSeries, _ key: SeriesKey) {
        canonical = key.canonical
        group = SeriesGroup(series, key)
    }

    /// - Parameter keys: of the tags in which the series of a group agree.
    static func merged(_ known: [KnownSeries], by keys: [String]) -> [OrderedGroup] {
        let keys = Set(keys)
        var groups: [OrderedGroup] = []
        var places: [[UInt8]: Int] = [:]
        for series in known {
            let tags = series.key.tags.filter { keys.contains($0.key) }
            let bytes = Self.bytes(series.key.metric, tags)
            if let place = places[bytes] {
                groups[place].group.series.append(series.id)
            } else {
                places[bytes] = groups.count
                var group = OrderedGroup(
                    series, SeriesKey(metric: series.key.metric, tags: tags))
                group.group.series = [series.id]
                groups.append(group)
            }
        }
        return groups
    }

    /// The same for those of the same metric and tags only: no text has a byte 255.
    private static func bytes(_ metric: String, _ tags: [SeriesKey.Tag]) -> [UInt8] {
        var bytes = Array(metric.utf8)
        for tag in tags {
            for text in [tag.key, tag.value] {
                bytes.append(0xFF)
                bytes += text.utf8
            }
        }
        return bytes
    }
}

extension SeriesGroup {
    fileprivate init(_ series: KnownSeries, _ key: SeriesKey) {
        self.init(
            metric: key.metric, kind: series.kind, unit: series.unit, scale: series.scale,
            tags: key.tags, series: [])
    }
}
