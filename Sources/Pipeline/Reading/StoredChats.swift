internal import EventLine
internal import EventLog
internal import TimeSeries

/// The transcript that came with an event, as it can be had now.
public enum StoredChat: Equatable, Sendable {
    /// None came with it.
    case none
    /// The JSON array.
    case whole([UInt8])
    /// Some line of it was removed, or is damaged.
    case lost
}

extension EventReader {
    /// The transcripts of these events, given by their lines, in their order.
    /// - Parameter bytesMax: so many bytes of them, and one more; those left out are `none`.
    public func chats(
        of lines: [[UInt8]], bytesMax: Int = .max
    ) async throws -> [StoredChat] {
        let asked = lines.map { line in ChatNote(line.span).map { (line, $0) } }
        guard asked.contains(where: { $0 != nil }) else { return lines.map { _ in .none } }
        let blocks = newestBlocks
        return try await scan { log throws(LogError) in
            var pieces = TranscriptPieces(blocks, log)
            var rest = bytesMax
            var chats: [StoredChat] = []
            for ask in asked {
                guard let (line, note) = ask, rest > 0, let id = EventEnvelope.id(of: line.span)
                else {
                    chats.append(.none)
                    continue
                }
                let chat = try pieces.chat(of: id, note)
                if case .whole(let bytes) = chat { rest -= min(rest, bytes.count) }
                chats.append(chat)
            }
            return chats
        }
    }
}

/// Puts transcripts together from the lines that they are spread over.
private struct TranscriptPieces {
    /// Lines that are kept for the next transcript: those of one session share most of theirs.
    private static let keptBytesMax = 64 << 20

    private let blocks: [LineBlock]
    private let log: LogSnapshot
    private var kept: [EventID: [UInt8]] = [:]
    private var keptBytes = 0

    init(_ blocks: [LineBlock], _ log: LogSnapshot) {
        self.blocks = blocks
        self.log = log
    }

    /// From the line before the event back to the one that begins the transcript.
    mutating func chat(of event: EventID, _ note: ChatNote) throws(LogError) -> StoredChat {
        var lines: [(bytes: [UInt8], messages: Range<Int>)] = []
        var (id, end) = (EventID(max(event.value, 1) - 1), note.count)
        while true {
            guard let bytes = try line(id), let piece = TranscriptLine(bytes.span),
                piece.from + piece.count == end
            else { return .lost }
            lines.append((bytes, piece.messages))
            if piece.from == 0 { break }
            guard let previous = piece.previous, previous < id else { return .lost }
            (id, end) = (previous, piece.from)
        }
        let chat = Self.joined(lines)
        return ContentHash.hex(of: chat.span) == note.sha256 ? .whole(chat) : .lost
    }

    private static func joined(_ lines: [(bytes: [UInt8], messages: Range<Int>)]) -> [UInt8] {
        var chat = [UInt8(ascii: "[")]
        for (bytes, messages) in lines.reversed() where !messages.isEmpty {
            if chat.count > 1 { chat.append(UInt8(ascii: ",")) }
            chat += bytes[messages]
        }
        chat.append(UInt8(ascii: "]"))
        return chat
    }

    private mutating func line(_ id: EventID) throws(LogError) -> [UInt8]? {
        for block in blocks.reversed() {
            if let range = block.range(of: id) { return Array(block.bytes[range]) }
        }
        if let line = kept[id] { return line }
        guard let line = try read(id) else { return nil }
        if keptBytes + line.count <= Self.keptBytesMax {
            kept[id] = line
            keptBytes += line.count
        }
        return line
    }

    private func read(_ id: EventID) throws(LogError) -> [UInt8]? {
        var cursor = try log.lines(after: EventID(max(id.value, 1) - 1))
        var found: [UInt8]?
        while let chunk = try cursor.next() {
            let isSearched = chunk.forEachLine { range in
                guard let other = EventEnvelope.id(of: chunk.bytes.span.extracting(range)),
                    other >= id
                else { return true }
                if other == id { found = Array(chunk.bytes[range]) }
                return false
            }
            if !isSearched { return found }
        }
        return nil
    }
}
