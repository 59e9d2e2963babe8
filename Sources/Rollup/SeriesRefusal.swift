public import TimeSeries

/// Why a sample has no series.
public enum SeriesRefusal: Error, Equatable, Sendable {
    /// The metric has this kind.
    case otherKind(MetricKind)
    /// The metric has this scale.
    case otherScale(QuantityScale)
    case tooManyMetrics
}

/// What all samples of a metric have in common.
struct MetricForm: Equatable, Sendable {
    let kind: MetricKind
    let scale: QuantityScale

    @inline(__always)
    func check(_ other: MetricForm) throws(SeriesRefusal) {
        guard kind == other.kind else { throw .otherKind(kind) }
        guard scale == other.scale else { throw .otherScale(scale) }
    }
}
