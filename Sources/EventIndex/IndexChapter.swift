public import TimeSeries

/// A row of the index: lines side by side in one partition, and what they hold.
public struct IndexChapter: Equatable, Sendable {
    /// A value that stands in it.
    public struct Entry: Equatable, Sendable {
        public let value: IndexedValue
        /// A bit for each block that has it.
        public internal(set) var blocks: UInt32
        /// The last event that has it.
        public internal(set) var lastID: EventID

        public init(_ value: IndexedValue, blocks: UInt32, lastID: EventID) {
            self.value = value
            self.blocks = blocks
            self.lastID = lastID
        }
    }

    /// The first id of the volume that it is part of.
    public let volume: EventID
    public let partition: EventID
    /// In the order of the log; never empty.
    public internal(set) var blocks: [IndexBlock]
    /// Where its last line ends.
    public internal(set) var end: Int
    public internal(set) var lastID: EventID
    /// When its events were; nil where it has none.
    public internal(set) var times: ClosedRange<Timestamp>?
    /// In the order in which they first come.
    public internal(set) var entries: [Entry]

    /// - Parameter blocks: at least one.
    public init(
        volume: EventID, partition: EventID, blocks: [IndexBlock], end: Int, lastID: EventID,
        times: ClosedRange<Timestamp>?, entries: [Entry]
    ) {
        precondition(!blocks.isEmpty, "BUG: a chapter without a block")
        self.volume = volume
        self.partition = partition
        self.blocks = blocks
        self.end = end
        self.lastID = lastID
        self.times = times
        self.entries = entries
    }

    public var firstID: EventID { blocks[0].firstID }
    public var offset: Int { blocks[0].offset }
    /// Its place in the volume, 0 to 63.
    public var number: Int { IndexScale.chapter(of: offset) }
}

/// Up to where the log is indexed, and what must be known to go on.
public struct IndexEnd: Equatable, Sendable {
    public let lastID: EventID
    public let volume: EventID
    /// The last line.
    public let partition: EventID
    public let offset: Int

    public init(lastID: EventID, volume: EventID, partition: EventID, offset: Int) {
        self.lastID = lastID
        self.volume = volume
        self.partition = partition
        self.offset = offset
    }
}

extension IndexChapter {
    public var indexEnd: IndexEnd {
        IndexEnd(lastID: lastID, volume: volume, partition: partition, offset: offset)
    }
}
