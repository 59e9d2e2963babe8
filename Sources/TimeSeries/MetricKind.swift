/// What the samples of a metric are, and so what can be said of many of them.
public enum MetricKind: String, CaseIterable, Sendable {
    /// Increases: what counts is their sum.
    case counter
    /// Readings: what counts is the last one.
    case gauge
    /// Measurements: what counts is how they are spread.
    case distribution
}
