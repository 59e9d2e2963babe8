public import TimeSeries

/// One alert, from its first breach to its end.
public struct EpisodeRow: Equatable, Sendable {
    public enum Level: String, Sendable { case alert, critical }

    public enum State: String, Sendable { case firing, resolved, expired }

    public var id: Int64
    public var kpi: String
    /// A canonical JSON object.
    public var tags: String
    /// The highest that it has reached.
    public var level: Level
    public var state: State
    public var startedAt: Timestamp
    public var endedAt: Timestamp?
    public var peak: String?
    public var peakAt: Timestamp?
    /// Kept by the store: a judgement that does not know of an acknowledgement does not take it back.
    public var acknowledgedBy: String?
    public var acknowledgedAt: Timestamp?
    /// Shows the events behind it.
    public var query: String

    public init(
        id: Int64, kpi: String, tags: String, level: Level, state: State, startedAt: Timestamp,
        endedAt: Timestamp? = nil, peak: String? = nil, peakAt: Timestamp? = nil,
        acknowledgedBy: String? = nil, acknowledgedAt: Timestamp? = nil, query: String
    ) {
        self.id = id
        self.kpi = kpi
        self.tags = tags
        self.level = level
        self.state = state
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.peak = peak
        self.peakAt = peakAt
        self.acknowledgedBy = acknowledgedBy
        self.acknowledgedAt = acknowledgedAt
        self.query = query
    }
}

/// Which episodes to read, the newest first.
public struct EpisodeQuery: Sendable {
    public var state: EpisodeRow.State?
    public var kpi: String?
    /// Started at or after.
    public var from: Timestamp?
    /// Started before.
    public var to: Timestamp?
    /// Older ones than this, by their numbers: the last one of the page before.
    public var before: Int64?
    public var limit: Int

    public init(
        state: EpisodeRow.State? = nil, kpi: String? = nil, from: Timestamp? = nil,
        to: Timestamp? = nil, before: Int64? = nil, limit: Int = 100
    ) {
        self.state = state
        self.kpi = kpi
        self.from = from
        self.to = to
        self.before = before
        self.limit = limit
    }
}
