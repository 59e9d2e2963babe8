internal import EventLine
public import TimeSeries

/// Accepted events on their way to the log: their lines but for what only the writer knows.
public struct EventBatch: Sendable {
    /// One event: where the two stretches of its line stand in the batch's bytes.
    public struct Item: Sendable {
        public let head: Range<Int>
        public let tail: Range<Int>
        public let timestamp: Timestamp
        /// Which event this is: (source app, event id).
        public let key: KeyedHash.Value
        /// What it says: type and data.
        public let content: UInt32
    }

    public internal(set) var bytes: [UInt8] = []
    public internal(set) var items: [Item] = []

    /// - Parameter bytes: about how many bytes the lines will have.
    public init(reservingBytes bytes: Int = 0) {
        self.bytes.reserveCapacity(bytes)
    }

    public var isEmpty: Bool { items.isEmpty }

    /// The most bytes that the lines of this batch take in the log.
    public var lineBytesMax: Int { bytes.count + items.count * EventLineParts.writerBytesMax }
}
