public import TimeSeries

/// One change of a status.
public struct TransitionRow: Equatable, Sendable {
    /// Strictly rising; given by the store when the transition is stored.
    public var seq: Int64
    public var episode: Int64?
    public var kpi: String
    /// A canonical JSON object.
    public var tags: String
    public var at: Timestamp
    public var from: String
    public var to: String
    /// `kpi.alert` and its like.
    public var type: String
    public var value: String?
    /// How much of the log the verdict has seen.
    public var logID: EventID
    /// Whether webhooks hear of it.
    public var notifies: Bool
    /// A silence keeps it from them.
    public var silenced: Bool
    /// The `data` of the standard message, as JSON.
    public var body: [UInt8]

    public init(
        seq: Int64 = 0, episode: Int64?, kpi: String, tags: String, at: Timestamp, from: String,
        to: String, type: String, value: String? = nil, logID: EventID, notifies: Bool,
        silenced: Bool = false, body: [UInt8]
    ) {
        self.seq = seq
        self.episode = episode
        self.kpi = kpi
        self.tags = tags
        self.at = at
        self.from = from
        self.to = to
        self.type = type
        self.value = value
        self.logID = logID
        self.notifies = notifies
        self.silenced = silenced
        self.body = body
    }
}
