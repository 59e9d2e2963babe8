internal import TimeSeries

/// The metrics that the folds know, and those that the samples of one request bring.
///
/// What is new for the folds is settled by them: the first line wins. This table tells a sender at once.
struct KnownMetrics: Sendable {
    private let table: MetricTable
    private var added = MetricTable()
    private let metricsMax: Int

    init(_ table: MetricTable, metricsMax: Int) {
        self.table = table
        self.metricsMax = min(metricsMax, Int(UInt16.max) - 1)
    }

    func kind(of name: Span<UInt8>) -> MetricKind? {
        table.kind(of: name) ?? added.kind(of: name)
    }

    func scale(of name: Span<UInt8>) -> QuantityScale {
        table.id(of: name).map(table.scale) ?? .millionths
    }

    /// Whether a sample of this kind may be added to the metric.
    mutating func check(_ name: [UInt8], _ kind: MetricKind) throws(SampleFault) {
        if let known = self.kind(of: name.span) {
            guard known == kind else {
                throw SampleFault(
                    .kindConflict, field: "kind", "the metric is a \(known.rawValue)")
            }
            return
        }
        guard table.count + added.count - BuiltinMetric.allCases.count < metricsMax else {
            throw SampleFault(.tooManyMetrics, field: "metric", "\(metricsMax) are known already")
        }
        added.append(MetricDefinition(name: String(decoding: name, as: UTF8.self), kind: kind))
    }
}
