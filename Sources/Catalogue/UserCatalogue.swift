internal import TimeSeries

/// All entries that a user added, as they are loaded from files and stand in the log.
public struct UserCatalogue: Equatable, Sendable {
    public var metrics: [UserMetric]

    public static let metricsMax = 1_000
    /// Tags of one metric.
    public static let tagsMax = 16
    /// Bytes of all entries together, as they stand in the log.
    public static let bytesMax = 1 << 20
    /// Bytes of a tag's key.
    public static let tagKeyBytesMax = 128

    public init(metrics: [UserMetric] = []) {
        self.metrics = metrics
    }

    /// All that is wrong with the entries, in their order.
    public func faults() -> [UserMetricFault] {
        var faults: [UserMetricFault] = []
        if metrics.count > Self.metricsMax {
            faults.append(
                UserMetricFault(Self.metricsMax, "metrics", "more than \(Self.metricsMax)"))
        }
        for (index, metric) in metrics.enumerated() {
            faults += metric.faults(index)
            let first = metrics.first { $0.name.utf8.elementsEqual(metric.name.utf8) }
            if let first, !first.isSameMetric(as: metric) {
                faults.append(
                    UserMetricFault(index, "name", "has another kind, unit or scale above"))
            }
            if metrics.firstIndex(of: metric) != index {
                faults.append(UserMetricFault(index, "name", "has the same entry above"))
            }
        }
        if faults.isEmpty, json.count > Self.bytesMax {
            faults.append(
                UserMetricFault(
                    metrics.count, "metrics", "are longer than \(Self.bytesMax) bytes together"))
        }
        return faults
    }
}

/// What is wrong with one of a user's entries.
public struct UserMetricFault: Equatable, Sendable {
    /// Which entry.
    public let index: Int
    /// Its key, as files have it.
    public let field: String
    public let message: String

    init(_ index: Int, _ field: String, _ message: String) {
        self.index = index
        self.field = field
        self.message = message
    }
}

extension UserMetric {
    /// Whether the numbers of two entries can stand under one name.
    func isSameMetric(as other: UserMetric) -> Bool {
        kind == other.kind && unit == other.unit && scale == other.scale
    }

    fileprivate func faults(_ index: Int) -> [UserMetricFault] {
        var faults: [UserMetricFault] = []
        func check(_ isRight: Bool, _ field: String, _ message: String) {
            if !isRight { faults.append(UserMetricFault(index, field, message)) }
        }
        check(
            MetricName.isValid(name), "name",
            "must be a letter or _, then letters, digits and _ . : / -, "
                + "at most \(MetricName.bytesMax) bytes")
        check(
            !BuiltinMetric.allCases.contains { $0.definition.name == name }, "name",
            "is one of Tidemark's own metrics")
        check(SampleLines.isUnit(unit), "unit", "must be short and printable ASCII")
        guard let source else { return faults }
        check(!source.type.isEmpty, "type", "must not be empty")
        check(source.sourceApp?.isEmpty != true, "source_app", "must not be empty")
        check(
            source.tags.count <= UserCatalogue.tagsMax, "tags",
            "more than \(UserCatalogue.tagsMax)")
        check(
            source.tags.allSatisfy { SampleTags.isKey($0.key) }, "tags",
            "a key must be a letter or _, then letters, digits and _ . -, "
                + "at most \(UserCatalogue.tagKeyBytesMax) bytes")
        let keys = source.tags.map { Array($0.key.utf8) }
        check(Set(keys).count == keys.count, "tags", "a key stands twice")
        return faults
    }
}
