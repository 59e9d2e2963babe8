public import Catalogue
public import Rollup

/// What folding some lines has changed: stored as a whole, or not at all.
public struct FoldChanges: Sendable {
    /// What the log is folded up to with these changes.
    public let position: FoldPosition
    /// Buckets of one minute, each with what these lines add to it.
    public let buckets: BucketTable
    public let series: SeriesChanges
    public let observer: ObserverChanges
}

/// What was stored of a fold.
public struct FoldState: Sendable {
    public var position: FoldPosition
    /// In the order of their numbers.
    public var series: [SeriesRow]
    public var observer: ObserverState

    public init(
        position: FoldPosition, series: [SeriesRow] = [], observer: ObserverState = ObserverState()
    ) {
        self.position = position
        self.series = series
        self.observer = observer
    }
}

/// Samples that were observed and could not be counted, since the fold was made.
public struct FoldRefusals: Equatable, Sendable {
    /// Too many metrics, or another kind or scale than the metric's.
    public internal(set) var samplesWithoutSeries = 0
    /// Aggregates whose parts cannot all be true, or whose sketch is damaged.
    public internal(set) var inconsistentAggregates = 0

    public init() {}
}
