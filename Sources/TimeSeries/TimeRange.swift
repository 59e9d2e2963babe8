/// From a moment, up to and without another.
public struct TimeRange: Hashable, Sendable {
    public let from: Timestamp
    public let to: Timestamp

    /// - Returns: nil where it would hold no moment.
    public init?(from: Timestamp, to: Timestamp) {
        guard from < to else { return nil }
        self.from = from
        self.to = to
    }

    public func contains(_ time: Timestamp) -> Bool { time >= from && time < to }

    public func overlaps(_ other: TimeRange) -> Bool { from < other.to && other.from < to }
}
