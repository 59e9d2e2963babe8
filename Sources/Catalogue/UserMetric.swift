public import TimeSeries

/// An entry that a user added: how a metric is read from events.
///
///     queries{"table":"users"}  ◄─ type DatabaseQuery: 1 an event, tag table from data.table
///
/// An entry without a source only declares a metric that samples bring.
public struct UserMetric: Equatable, Sendable {
    public var name: String
    public var kind: MetricKind
    public var unit: String
    public var scale: QuantityScale
    public var help: String
    public var source: Source?

    /// Which events, and what of them.
    public struct Source: Equatable, Sendable {
        public var type: String
        /// Any app's events where it is nil.
        public var sourceApp: String?
        public var value: Value
        public var tags: [Tag]

        public init(type: String, sourceApp: String? = nil, value: Value, tags: [Tag] = []) {
            self.type = type
            self.sourceApp = sourceApp
            self.value = value
            self.tags = tags
        }
    }

    public enum Value: Equatable, Sendable {
        /// Each event is one.
        case one
        /// The number that stands there; events without one are passed over.
        case number(DataPath)
        /// The elements of the array or the members of the object that stands there; 1 for any other
        /// value but null.
        case size(DataPath)
    }

    public struct Tag: Equatable, Sendable {
        public var key: String
        public var from: TagSource

        public init(_ key: String, from: TagSource) {
            self.key = key
            self.from = from
        }
    }

    /// Where a tag's value stands. A string, number, `true` or `false` is one; otherwise the tag is left
    /// out.
    public enum TagSource: Equatable, Sendable {
        case type, sourceApp, sessionID, agentID
        case data(DataPath)
    }

    public init(
        name: String, kind: MetricKind, unit: String = "", scale: QuantityScale = .millionths,
        help: String = "", source: Source? = nil
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.scale = scale
        self.help = help
        self.source = source
    }

    public var definition: MetricDefinition {
        MetricDefinition(
            name: name, kind: kind, unit: unit, tagKeys: source?.tags.map(\.key).sorted() ?? [],
            scale: scale, help: help)
    }
}
