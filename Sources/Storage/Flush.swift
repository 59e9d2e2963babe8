public import EventIndex
public import Rollup
public import TimeSeries

/// What folding a range of the log has changed: one transaction.
public struct Flush: Sendable {
    /// At the last line of the range.
    public var checkpoint: Checkpoint
    /// New ones, and those whose unit, tags or help changed.
    public var metrics: [MetricRow] = []
    /// nil where no series was touched.
    public var series: SeriesChanges?
    /// What the range adds to the buckets of minutes, and so to those of all intervals.
    public var minutes = BucketBatch(merging: [])
    public var state = StateChanges()
    /// What was finished of the event index, in the order of the log.
    public var chapters: [IndexChapter] = []
    /// Event times of lines that leave the log.
    public var uncovered: [UncoveredRange] = []

    public init(checkpoint: Checkpoint) {
        self.checkpoint = checkpoint
    }
}

/// What became of a flush.
public struct FlushOutcome: Equatable, Sendable {
    /// Samples that were too late for an interval: zeros are left out.
    public var samplesBelowFloor: [Interval: Int64] = [:]
    /// Whether recent minutes were moved into the rollup tables.
    public var hasSettled = false
}

/// A metric as it is stored.
public struct MetricRow: Equatable, Sendable {
    public let name: String
    /// Never changes, as the scale.
    public let kind: MetricKind
    public let scale: QuantityScale
    public let unit: String
    public let tagKeys: [String]
    public let help: String
    public let firstSeenAt: EventID

    public init(
        name: String, kind: MetricKind, scale: QuantityScale = .millionths, unit: String = "",
        tagKeys: [String] = [], help: String = "", firstSeenAt: EventID
    ) {
        self.name = name
        self.kind = kind
        self.scale = scale
        self.unit = unit
        self.tagKeys = tagKeys
        self.help = help
        self.firstSeenAt = firstSeenAt
    }
}

/// The small state of a fold, as rows whose bytes the store does not read.
public struct StateRow: Hashable, Sendable {
    public struct Key: Hashable, Sendable {
        /// What sort of row: `half`, `counter`.
        public let kind: String
        public let key: [UInt8]

        public init(kind: String, key: [UInt8]) {
            self.kind = kind
            self.key = key
        }
    }

    public let key: Key
    public let value: [UInt8]

    public init(key: Key, value: [UInt8]) {
        self.key = key
        self.value = value
    }
}

/// Rows leave first, then come or are replaced.
public struct StateChanges: Equatable, Sendable {
    public var removed: [StateRow.Key] = []
    public var written: [StateRow] = []

    public init() {}
}
