public import TimeSeries

/// For how long, and why, alerts that match are kept from webhooks.
public struct SilenceRow: Equatable, Sendable {
    /// Given by the store.
    public var id: Int64
    /// JSON; the store does not look into it.
    public var matcher: String
    public var until: Timestamp
    public var by: String
    public var comment: String
    public var createdAt: Timestamp

    public init(
        id: Int64 = 0, matcher: String, until: Timestamp, by: String, comment: String,
        createdAt: Timestamp
    ) {
        self.id = id
        self.matcher = matcher
        self.until = until
        self.by = by
        self.comment = comment
        self.createdAt = createdAt
    }
}
