public import TimeSeries

/// What a KPI's status machine knows of one group.
public struct KPIStateRow: Equatable, Sendable {
    public struct Key: Hashable, Sendable {
        public let kpi: String
        /// A canonical JSON object.
        public let tags: String

        public init(kpi: String, tags: String) {
            self.kpi = kpi
            self.tags = tags
        }
    }

    public var kpi: String
    /// A canonical JSON object.
    public var tags: String
    /// The machine's own; the store does not look into it.
    public var state: [UInt8]
    public var status: String
    public var since: Timestamp
    public var value: String?
    public var episode: Int64?

    public init(
        kpi: String, tags: String, state: [UInt8], status: String, since: Timestamp,
        value: String? = nil, episode: Int64? = nil
    ) {
        self.kpi = kpi
        self.tags = tags
        self.state = state
        self.status = status
        self.since = since
        self.value = value
        self.episode = episode
    }

    public var key: Key { Key(kpi: kpi, tags: tags) }
}
