public import TimeSeries

/// What one tick of the evaluation has found: stored as a whole, or not at all.
public struct Judgement: Equatable, Sendable {
    /// Later than that of the judgement before.
    public var tick: Timestamp
    /// New and changed ones.
    public var states: [KPIStateRow] = []
    public var removedStates: [KPIStateRow.Key] = []
    /// New and changed ones.
    public var episodes: [EpisodeRow] = []
    /// In their order.
    public var transitions: [TransitionRow] = []

    public init(tick: Timestamp) {
        self.tick = tick
    }
}

/// All that the evaluation goes on from.
public struct RestoredJudging: Equatable, Sendable {
    /// nil in a new store.
    public var lastTick: Timestamp?
    /// In the order of KPI and tags.
    public var states: [KPIStateRow] = []
    /// The firing ones, the oldest first.
    public var episodes: [EpisodeRow] = []
    /// Never given to an episode before.
    public var nextEpisode: Int64

    public init(nextEpisode: Int64) {
        self.nextEpisode = nextEpisode
    }
}
