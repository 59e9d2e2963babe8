public import EventLine
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
        /// The transcript that came with it, by its place among the batch's.
        public let transcript: Int?
    }

    /// The whole transcript that came with an event; what of it is new, the writer knows.
    public struct Transcript: Sendable {
        /// Whose it is: source app and session.
        public let session: KeyedHash.Value
        /// Their tokens, and the messages with the commas between them, in the batch's bytes.
        let sourceApp, sessionID, messages: Range<Int>
        /// Where each message ends.
        let ends: [Int]
        /// What all messages up to each are known by.
        let chains: [KeyedHash.Value]

        public var count: Int { ends.count }

        /// What a line with the messages from this one on is made of.
        public func parts(from place: Int) -> TranscriptLine.Parts {
            let end = messages.upperBound
            let start = place == 0 ? messages.lowerBound : min(ends[place - 1] + 1, end)
            return TranscriptLine.Parts(
                sourceApp: sourceApp, sessionID: sessionID, messages: start..<end)
        }
    }

    public internal(set) var bytes: [UInt8] = []
    public internal(set) var items: [Item] = []
    public internal(set) var transcripts: [Transcript] = []

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
    public var lineBytesMax: Int {
        transcripts.reduce(bytes.count + items.count * EventLineParts.writerBytesMax) {
            $0 + TranscriptLine.writerBytesMax + $1.sourceApp.count + $1.sessionID.count
        }
    }

    /// The transcript that came with an event, as a JSON array; nil where none did.
    public func chat(of place: Int) -> [UInt8]? {
        guard let transcript = items[place].event?.transcript else { return nil }
        return [UInt8(ascii: "[")] + bytes[transcripts[transcript].messages] + [UInt8(ascii: "]")]
    }
}
