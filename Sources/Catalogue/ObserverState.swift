public import TimeSeries

/// Which half of a join waits.
public enum JoinHalf: UInt8, CaseIterable, Sendable {
    case toolStart = 1, toolEnd, permissionRequest, permissionEnd

    var index: Int { Int(rawValue) - 1 }
}

/// What an observer keeps from one line for a later one, row by row.
public enum ObserverRow: Sendable {
    /// A half that waits for its other half.
    case half(JoinHalf)
    /// A cumulative counter's last reading.
    case counter
}

extension ObserverRow: RawRepresentable, Hashable {
    /// 1…4: the halves; 5: counters.
    public var rawValue: UInt8 {
        switch self {
        case .half(let half): half.rawValue
        case .counter: 5
        }
    }

    public init?(rawValue: UInt8) {
        if let half = JoinHalf(rawValue: rawValue) {
            self = .half(half)
        } else if rawValue == 5 {
            self = .counter
        } else {
            return nil
        }
    }
}

/// All that a `LineObserver` knows from the lines that it has seen, as rows to be stored.
///
/// An observer made from what was stored after a line goes on exactly as the one that saw the line.
public struct ObserverState: Sendable {
    /// One row of the tables of halves and counters; (`row`, `key`) is unique.
    public struct Entry: Hashable, Sendable {
        public let row: ObserverRow
        /// 16 bytes: of what the row is about.
        public let key: StableHash
        /// The order in which rows leave; it rises with each write.
        public let order: UInt64
        /// The line that wrote it.
        public let id: EventID
        public let time: Timestamp
        /// A counter's reading in parts, or how long a tool ran after its permission, in millionths of a
        /// millisecond.
        public let value: Int128

        public init(
            row: ObserverRow, key: StableHash, order: UInt64, id: EventID, time: Timestamp,
            value: Int128
        ) {
            self.row = row
            self.key = key
            self.order = order
            self.id = id
            self.time = time
            self.value = value
        }
    }

    /// The catalogue line that is in force, `{"format":1,…}`; empty where there was none.
    public var catalogue: [UInt8] = []
    /// The metrics whose kind a line has fixed, in the order in which they came.
    public var metrics: [MetricDefinition] = []
    /// In any order.
    public var entries: [Entry] = []

    public init() {}
}

/// What has changed in an observer's state since it was last asked.
///
/// It is stored in this order: `removed` rows leave, `written` ones are inserted or replaced.
public struct ObserverChanges: Sendable {
    public struct Key: Hashable, Sendable {
        public let row: ObserverRow
        public let key: StableHash

        public init(row: ObserverRow, key: StableHash) {
            self.row = row
            self.key = key
        }
    }

    /// The catalogue, where another one is in force now.
    public var catalogue: [UInt8]?
    /// Metrics that have become known, in their order.
    public var metrics: [MetricDefinition] = []
    public var removed: [Key] = []
    public var written: [ObserverState.Entry] = []

    public var isEmpty: Bool {
        catalogue == nil && metrics.isEmpty && removed.isEmpty && written.isEmpty
    }
}
