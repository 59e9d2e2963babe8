internal import EventLine
internal import EventLog
internal import Intake
internal import NIOPosix
internal import StrictJSON
internal import TimeSeries

/// What is in memory only, read back from the end of the log: the dedupe window, how far transcripts are
/// known, and the newest events.
///
/// Lines are read and checked by some threads at a time, a chunk each; what they say is taken in in the
/// order of the log.
struct RestoredState {
    private(set) var window: DedupeWindow
    private(set) var transcripts: TranscriptWindow
    private let keys: EventKeys
    private let recentStart: EventID
    private let recent: RecentEvents
    private var block: LineBlock?

    /// Chunks that are read at once.
    private static let readingMax = 2

    init(
        _ log: EventLog, _ keys: EventKeys, _ limits: Pipeline.Limits, _ recent: RecentEvents,
        _ threads: NIOThreadPool
    ) async throws {
        let last = log.lastID.value
        let start = EventID(last - min(last, UInt64(limits.dedupe.eventsMax)))
        window = DedupeWindow(limits: limits.dedupe)
        transcripts = TranscriptWindow(limits: limits.transcripts)
        self.keys = keys
        recentStart = EventID(last - min(last, UInt64(limits.recent.eventsMax)))
        self.recent = recent
        try await restore(try log.snapshot().lines(after: start), keys, threads)
        flush()
    }

    private mutating func restore(
        _ cursor: LogCursor, _ keys: EventKeys, _ threads: NIOThreadPool
    ) async throws {
        var cursor = cursor
        var order = InOrder<CheckedChunk>()
        try await withThrowingTaskGroup(of: (Int, CheckedChunk).self) { group in
            while true {
                let (chunk, moved) = try await threads.runIfActive { [cursor] in
                    var cursor = cursor
                    return (try cursor.next(), cursor)
                }
                guard let chunk else { break }
                cursor = moved
                let number = order.begin()
                group.addTask {
                    (number, try await threads.runIfActive { CheckedChunk(chunk, keys) })
                }
                if order.outstanding >= Self.readingMax,
                    let (place, checked) = try await group.next()
                {
                    order.finish(place, checked)
                    while let next = order.next() { add(next) }
                }
            }
            for try await (place, checked) in group { order.finish(place, checked) }
        }
        while let next = order.next() { add(next) }
    }

    private mutating func add(_ chunk: CheckedChunk) {
        for messages in chunk.transcripts { transcripts.restore(messages, keys) }
        for event in chunk.events {
            _ = window.insert(event.key, content: event.content, id: event.id, at: event.time)
            if event.id > recentStart {
                keep(chunk.bytes.span.extracting(event.line), event.id)
            }
        }
    }

    /// Gathers neighbouring lines into blocks.
    private mutating func keep(_ line: Span<UInt8>, _ id: EventID) {
        if block?.nextID != id || (block?.count ?? 0) >= Self.blockLinesMax { flush() }
        if block == nil {
            block = LineBlock(firstID: id, bytesMax: 0, linesMax: Self.blockLinesMax)
        }
        block?.append { $0.append(contentsOf: line) }
    }

    private static let blockLinesMax = 128

    private mutating func flush() {
        if let block { recent.publish(block) }
        block = nil
    }
}

/// A chunk of the log with what the dedupe window must know of its sound events.
private struct CheckedChunk: Sendable {
    struct Event: Sendable {
        let id: EventID
        let key: KeyedHash.Value
        let content: UInt32
        let time: Timestamp
        let line: Range<Int>
    }

    private(set) var events: [Event] = []
    private(set) var transcripts: [TranscriptMessages] = []
    let bytes: [UInt8]

    init(_ chunk: LineChunk, _ keys: EventKeys) {
        bytes = chunk.bytes
        chunk.forEachLine { range in
            let line = chunk.bytes.span.extracting(range)
            guard let envelope = EventEnvelope(line),
                let members = EventMembers(whole: line, after: envelope)
            else {
                if let messages = keys.messages(of: line) { transcripts.append(messages) }
                return true
            }
            let (key, content) = keys.keyAndContent(of: line, envelope, members)
            events.append(
                Event(
                    id: envelope.id, key: key, content: content,
                    time: envelope.serverTime(line), line: range))
            return true
        }
    }
}
