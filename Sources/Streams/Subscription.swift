public import TimeSeries

/// What flows over a connection.
public enum StreamKind: String, CaseIterable, Sendable {
    case event, metric, aggregation, alert
}

/// What a client has asked for, by a name of its own.
public struct Subscription: Equatable, Sendable {
    public var id: String
    public var streams: Set<StreamKind>
    public var events: EventFilter
    public var metrics: MetricSelection
    /// The events behind this one come from the log before the live ones.
    public var since: EventID?
    /// The same for alerts, by their own numbers.
    public var sinceAlert: UInt64?

    public init(
        id: String, streams: Set<StreamKind> = Set(StreamKind.allCases),
        events: EventFilter = EventFilter(), metrics: MetricSelection = MetricSelection(),
        since: EventID? = nil, sinceAlert: UInt64? = nil
    ) {
        self.id = id
        self.streams = streams
        self.events = events
        self.metrics = metrics
        self.since = since
        self.sinceAlert = sinceAlert
    }
}

/// Which buckets a subscription wants: all conditions must hold, values within one are alternatives.
public struct MetricSelection: Hashable, Sendable {
    /// Names, with `*` for any characters; none means all.
    public var metrics: [String]
    /// Values of the tag `source_app`; none means all series, also those without the tag.
    public var sourceApps: [String]
    public var interval: Interval

    public init(
        metrics: [String] = [], sourceApps: [String] = [], interval: Interval = .oneMinute
    ) {
        self.metrics = metrics
        self.sourceApps = sourceApps
        self.interval = interval
    }
}
