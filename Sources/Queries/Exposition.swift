public import Rollup
public import TimeSeries

/// The current value of every series as text that Prometheus scrapes (exposition format 0.0.4).
///
/// Counters tell the sum of a series' whole life, which survives restarts and never falls; gauges their last
/// reading; distributions a classic histogram with fixed edges (`edges`), of the whole life too.
public struct Exposition: Sendable {
    /// A series with the bucket of its whole life.
    public struct Series: Sendable {
        public let known: KnownSeries
        public let life: Bucket

        public init(_ known: KnownSeries, life: Bucket) {
            self.known = known
            self.life = life
        }
    }

    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Upper bounds of a histogram's buckets in the metric's unit; those of `ms` are told in seconds.
    public static let edges: [Int64] = [
        1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000,
        900_000, 3_600_000,
    ]

    /// Of families, and of the samples within them.
    private var names: Set<String> = []
    public private(set) var bytes: [UInt8] = []

    /// A gauge of the server's own that is no series.
    public struct Gauge: Sendable {
        let family: String
        let samples: [(tags: [SeriesKey.Tag], value: Int)]
        let help: String

        public init(_ family: String, _ value: Int, help: String) {
            self.init(family, [([], value)], help: help)
        }

        public init(
            _ family: String, _ samples: [(tags: [SeriesKey.Tag], value: Int)], help: String
        ) {
            self.family = family
            self.samples = samples
            self.help = help
        }
    }

    /// - Parameter gauges: they come first, so that no sender's metric can take their names.
    public init(_ gauges: [Gauge] = []) {
        for gauge in gauges where take([gauge.family]) {
            head(gauge.family, gauge.help, "gauge")
            for sample in gauge.samples {
                let labels = Labels(SeriesKey(metric: gauge.family, tags: sample.tags))
                line("\(gauge.family)\(labels.text()) \(sample.value)")
            }
        }
    }

    /// Appends a metric with its series. Where another metric has one of its names in this format already, it
    /// is left out: a family may stand once, and so may a sample.
    public mutating func append(_ series: [Series], help: String) {
        guard let first = series.first?.known else { return }
        let name = ExpositionName(first.key.metric, first.kind, unit: first.unit)
        guard take(name.names) else { return }
        let help = help.isEmpty ? "Samples of \(first.key.metric)." : help
        head(name.family, help, first.kind.familyType)
        for one in series {
            switch first.kind {
            case .counter: sample(name.family, one, one.life.sum, name)
            case .gauge: sample(name.family, one, one.life.last.parts, name)
            case .distribution: histogram(one, name)
            }
        }
    }

    private mutating func take(_ wanted: Set<String>) -> Bool {
        guard names.isDisjoint(with: wanted) else { return false }
        names.formUnion(wanted)
        return true
    }

    private mutating func head(_ family: String, _ help: String, _ type: String) {
        line("# HELP \(family) \(Self.escapedHelp(help))")
        line("# TYPE \(family) \(type)")
    }

    private mutating func histogram(_ series: Series, _ name: ExpositionName) {
        let scale = series.known.scale
        let labels = Labels(series.known.key)
        for edge in Self.edges {
            let bound = Quantity(parts: Int128(edge) * Int128(scale.partsPerUnit))
            let count = series.life.sketch?.count(atMost: bound, scale: scale) ?? 0
            let le = Self.number(bound.parts, series.known, name)
            line("\(name.family)_bucket\(labels.text(le: le)) \(count)")
        }
        line("\(name.family)_bucket\(labels.text(le: "+Inf")) \(series.life.count)")
        sample("\(name.family)_sum", series, series.life.sum, name)
        line("\(name.family)_count\(labels.text()) \(series.life.count)")
    }

    private mutating func sample(
        _ name: String, _ series: Series, _ parts: Int128, _ family: ExpositionName
    ) {
        let labels = Labels(series.known.key).text()
        line("\(name)\(labels) \(Self.number(parts, series.known, family))")
    }

    private mutating func line(_ text: String) {
        bytes += text.utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func number(
        _ parts: Int128, _ series: KnownSeries, _ name: ExpositionName
    ) -> String {
        guard !name.isInMilliseconds else {
            return "\(Quantity(parts: parts).asDouble(scale: series.scale) / 1_000)"
        }
        return Quantity(parts: parts).decimal(scale: series.scale)
    }

    private static func escapedHelp(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }
}

extension MetricKind {
    fileprivate var familyType: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .distribution: "histogram"
        }
    }
}

/// The tags of a series as labels: names made allowed, and different ones kept apart.
private struct Labels {
    private let pairs: [String]

    init(_ key: SeriesKey) {
        // A tag must not be a histogram's own label, nor the metric's name: a Prometheus would refuse all.
        var taken: Set = ["le", "__name__"]
        pairs = key.tags.map { tag in
            var name = ExpositionName.sanitized(tag.key)
            while !taken.insert(name).inserted { name += "_" }
            return "\(name)=\"\(Self.escaped(tag.value))\""
        }
    }

    func text(le: String? = nil) -> String {
        let all = pairs + (le.map { ["le=\"\($0)\""] } ?? [])
        return all.isEmpty ? "" : "{\(all.joined(separator: ","))}"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
    }
}
