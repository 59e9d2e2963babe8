public import TimeSeries

/// How far the log is folded.
public struct FoldPosition: Equatable, Sendable {
    /// The last line that is taken in.
    public internal(set) var lastID: EventID
    /// The folds' clock: the greatest `server_timestamp` so far.
    public internal(set) var clock: Timestamp

    public init(
        lastID: EventID = .none, clock: Timestamp = Timestamp(milliseconds: 0)
    ) {
        self.lastID = lastID
        self.clock = clock
    }
}
