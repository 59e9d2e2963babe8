public import TimeSeries

/// One message for one webhook: an entry of the outbox, also after its end.
public struct DeliveryRow: Equatable, Sendable {
    public enum State: String, Sendable {
        /// Its next attempt has a time.
        case pending
        /// An earlier one of the same alert goes first.
        case waiting
        case delivered
        /// Given up. It may be tried again.
        case failed
        /// A newer one went in its place.
        case superseded
    }

    public var id: Int64
    public var webhook: String
    /// `webhook-id`: the same at all attempts.
    public var messageID: String
    /// The transition that it tells of.
    public var seq: Int64
    public var state: State
    public var createdAt: Timestamp
    public var attempts: Int
    public var nextAttemptAt: Timestamp?
    public var lastAttemptAt: Timestamp?
    /// Of the last answer; nil where there was none.
    public var lastStatus: Int?
    public var lastError: String?
    public var endedAt: Timestamp?
}

/// A delivery whose time has come, with all that its message is made of.
public struct DueDelivery: Equatable, Sendable {
    public var delivery: DeliveryRow
    public var transition: TransitionRow
    public var episode: EpisodeRow?
}

/// How an attempt has ended.
public struct DeliveryOutcome: Equatable, Sendable {
    public enum Verdict: Equatable, Sendable {
        case delivered
        case retry(at: Timestamp)
        case failed
        /// The receiver wants no more at all.
        case gone
    }

    public var delivery: Int64
    public var verdict: Verdict
    public var at: Timestamp
    public var status: Int?
    public var error: String?

    public init(
        delivery: Int64, _ verdict: Verdict, at: Timestamp, status: Int? = nil,
        error: String? = nil
    ) {
        self.delivery = delivery
        self.verdict = verdict
        self.at = at
        self.status = status
        self.error = error
    }
}
