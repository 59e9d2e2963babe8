public import TimeSeries

/// Event times of lines that the log no longer has, or cannot read: nothing in it can be recounted.
public struct UncoveredRange: Hashable, Sendable {
    public enum Reason: String, CaseIterable, Sendable {
        case retention
        case corrupt
    }

    public let range: TimeRange
    public let reason: Reason

    public init(range: TimeRange, reason: Reason) {
        self.range = range
        self.reason = reason
    }
}
