internal import EventLine
internal import EventLog
internal import Intake
internal import TimeSeries

/// What is in memory only, read back from the end of the log: the dedupe window, the newest events,
/// and what there is to filter by.
struct RestoredState {
    private(set) var window: DedupeWindow
    private(set) var options: FilterOptions
    private let keys: EventKeys
    private var block: LineBlock?

    init(
        _ log: EventLog, _ keys: EventKeys, _ limits: Pipeline.Limits, _ recent: RecentEvents
    ) throws(LogError) {
        let last = log.lastID.value
        let start = EventID(last - min(last, UInt64(limits.dedupe.eventsMax)))
        window = DedupeWindow(limits: limits.dedupe)
        options = FilterOptions(after: start, limits: limits.options)
        self.keys = keys
        var cursor = try log.snapshot().lines(after: start)
        while let chunk = try cursor.next() {
            chunk.forEachLine { range in
                add(chunk.bytes.span.extracting(range), recent)
                return true
            }
        }
        flush(to: recent)
    }

    private mutating func add(_ line: Span<UInt8>, _ recent: RecentEvents) {
        guard EventEnvelope.isWhole(line), let envelope = EventEnvelope(line),
            let members = EventMembers(line, after: envelope)
        else { return }
        let (key, content) = keys.keyAndContent(of: line, envelope, members)
        _ = window.insert(key, content: content, id: envelope.id, at: envelope.serverTime(line))
        options.add(line, envelope)
        keep(line, envelope.id, recent)
    }

    /// Gathers neighbouring lines into blocks.
    private mutating func keep(_ line: Span<UInt8>, _ id: EventID, _ recent: RecentEvents) {
        if block?.nextID != id || (block?.count ?? 0) >= Self.blockLinesMax { flush(to: recent) }
        if block == nil {
            block = LineBlock(firstID: id, bytesMax: 0, linesMax: Self.blockLinesMax)
        }
        block?.append { $0.append(contentsOf: line) }
    }

    private static let blockLinesMax = 128

    private mutating func flush(to recent: RecentEvents) {
        if let block { recent.publish(block) }
        block = nil
    }
}
