public import EventIndex
public import Rollup
public import TimeSeries

/// All that the folds go on from: everything in the store but the buckets.
public struct StoredFolds: Equatable, Sendable {
    /// nil in a new store.
    public var checkpoint: Checkpoint?
    /// In the order in which they came.
    public var metrics: [MetricRow] = []
    /// In the order of their numbers.
    public var series: [SeriesRow] = []
    /// In the order of kind and key.
    public var state: [StateRow] = []
    public var floors: [Interval: Timestamp] = [:]
    /// In the order of time.
    public var uncovered: [UncoveredRange] = []
    /// Up to where the log is indexed: never beyond the checkpoint.
    public var indexEnd: IndexEnd?

    public init() {}
}
