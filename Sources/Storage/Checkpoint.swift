public import TimeSeries

/// Up to where the log is folded: stands in the same transaction as the folds.
public struct Checkpoint: Equatable, Sendable {
    /// Of which log.
    public let logID: String
    public let lastID: EventID
    /// The folds' clock at that line: its `server_timestamp`.
    public let time: Timestamp
    /// Of the rules by which lines are folded. Another version rebuilds what the log still covers.
    public let foldVersion: Int64

    public init(logID: String, lastID: EventID, time: Timestamp, foldVersion: Int64) {
        self.logID = logID
        self.lastID = lastID
        self.time = time
        self.foldVersion = foldVersion
    }
}
