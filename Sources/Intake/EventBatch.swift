internal import EventLine
public import TimeSeries

/// Accepted events on their way to the log: their lines but for what only the writer knows.
public struct EventBatch: Sendable {
    /// One line: where its two stretches stand in the batch's bytes.
    public struct Item: Sendable {
        public let head: Range<Int>
        public let tail: Range<Int>
        /// Nil for a line that is no event: it is stored each time it is sent.
        public let event: Event?
    }

    /// What the writer must know of an event.
    public struct Event: Sendable {
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

    /// Lines that are no events: of samples, or a catalogue.
    /// - Parameters:
    ///   - bytes: what head and tail of each line stand in.
    ///   - lines: `{"id":7<head>,"server_timestamp":"…"<tail>`, the line feed included.
    public init(bytes: [UInt8], lines: [(head: Range<Int>, tail: Range<Int>)]) {
        self.bytes = bytes
        items = lines.map { Item(head: $0.head, tail: $0.tail, event: nil) }
    }

    /// The most bytes that the lines of this batch take in the log.
    public var lineBytesMax: Int { bytes.count + items.count * EventLineParts.writerBytesMax }
}
