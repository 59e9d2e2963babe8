public import EventLog

/// Why a batch was not stored. All of these are worth a retry.
public enum IngestRefusal: Error, Sendable {
    /// More is waiting for the disk than `IngestQueue.Limits` allow.
    case queueFull
    /// More is written and not yet folded than `FoldFeed.Limits` allow.
    case foldsBehind
    /// Less is free on the disk than the policy keeps free.
    case noSpace
    case shuttingDown
    case logFailed(LogError)

    /// When a retry makes sense.
    public var retryAfterSeconds: Int { 1 }
}
