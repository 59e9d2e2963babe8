internal import StrictJSON
public import TimeSeries

/// The observations of many lines, flat: bytes of series keys, and items that point into them.
///
///     keys   events{"source_app":"web","type":"Stop"}ingest.lag{"source_app":"web"}…
///            ╰──────────── item 0 ──────────────────╯╰──────── item 1 ─────────────╯
///
/// It is kept and reused: in steady state nothing is allocated.
public struct ObservationBatch: Sendable {
    /// One number of one series, or one aggregate of many.
    public struct Item: Sendable {
        /// One sample's number; of an aggregate, its last one.
        public let value: Quantity
        /// When: the event's own time, the sample's, or that of an aggregate's last sample.
        public let time: Timestamp
        /// The line that it comes from.
        public let id: EventID
        fileprivate let keyStart: UInt32
        fileprivate let keyCount: UInt16
        /// Which metric, as a place in the observer's table.
        public let metric: MetricID
        public let kind: MetricKind
        fileprivate let aggregate: Int32

        /// Where the series' canonical text stands in `keys`.
        public var key: Range<Int> { Int(keyStart)..<Int(keyStart) + Int(keyCount) }
        /// A place in `aggregates`.
        public var aggregateIndex: Int? { aggregate < 0 ? nil : Int(aggregate) }
    }

    /// Many samples of one series that were added up where they were taken.
    public struct Aggregate: Sendable {
        public let count: UInt64
        public let sum: Int128
        public let min: Quantity
        public let max: Quantity
        /// The BLOB of the sketch, in `sketches`; empty where the sender made none.
        public let sketch: Range<Int>
    }

    public internal(set) var keys: [UInt8] = []
    public internal(set) var items: [Item] = []
    public internal(set) var aggregates: [Aggregate] = []
    public internal(set) var sketches: [UInt8] = []

    public init() {}

    public var isEmpty: Bool { items.isEmpty }

    public mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
        items.removeAll(keepingCapacity: true)
        aggregates.removeAll(keepingCapacity: true)
        sketches.removeAll(keepingCapacity: true)
    }
}

// MARK: Writing

extension ObservationBatch {
    /// Bytes of a series key: 200 of a name, 16 tags with keys and values escaped to six times their size.
    static let keyBytesMax = Int(UInt16.max)

    @inline(__always)
    mutating func append(
        _ value: Quantity, _ time: Timestamp, _ id: EventID, key: Range<Int>, metric: MetricID,
        kind: MetricKind
    ) {
        items.append(
            Item(
                value: value, time: time, id: id,
                keyStart: UInt32(truncatingIfNeeded: key.lowerBound),
                keyCount: UInt16(truncatingIfNeeded: key.count), metric: metric, kind: kind,
                aggregate: -1))
    }

    mutating func append(
        _ aggregate: Aggregate, last: Quantity, _ time: Timestamp, _ id: EventID, key: Range<Int>,
        metric: MetricID, kind: MetricKind
    ) {
        items.append(
            Item(
                value: last, time: time, id: id,
                keyStart: UInt32(truncatingIfNeeded: key.lowerBound),
                keyCount: UInt16(truncatingIfNeeded: key.count), metric: metric, kind: kind,
                aggregate: Int32(truncatingIfNeeded: aggregates.count)))
        aggregates.append(aggregate)
    }
}
