internal import EventLine
public import EventLog
public import NIOPosix
internal import Synchronization
public import TimeSeries

/// Answers questions about stored events: the newest from memory, older ones from the log's files.
///
/// Files are read on threads of their own, a bounded number of scans at a time.
public final class EventReader: Sendable {
    public struct Limits: Sendable {
        /// Questions that read files, at one time.
        public var scansMax = 32
        /// Lines of one page; a page that would be larger ends early.
        public var pageBytesMax = 64 << 20

        public init() {}
    }

    public enum Refusal: Error, Sendable {
        case tooManyScans
        case failed(LogError)
    }

    private let source: @Sendable () throws(LogError) -> LogSnapshot
    private let recent: RecentEvents
    private let threads: NIOThreadPool
    private let limits: Limits
    private let scans = Mutex(0)
    private let options: Mutex<FilterOptions>

    /// - Parameter source: the log at this moment.
    public init(
        source: @escaping @Sendable () throws(LogError) -> LogSnapshot, recent: RecentEvents,
        options: FilterOptions, threads: NIOThreadPool, limits: Limits = Limits()
    ) {
        self.source = source
        self.recent = recent
        self.threads = threads
        self.limits = limits
        self.options = Mutex(options)
    }

    /// Up to `limit` events. Where no filter is given and memory has the answer, no thread is changed.
    public func page(_ query: EventQuery, limit: Int) async throws -> EventPage {
        let collector = PageCollector(query, limit: limit, bytesMax: limits.pageBytesMax)
        let newest = NewestLines(query, recent.blocks)
        if query.filter.isEmpty {
            let (collector, isComplete) = newest.collect(into: collector)
            if isComplete { return collector.finish() }
        }
        return try await scan { log throws(LogError) in
            try Self.collect(newest, into: collector, log)
        }
    }

    private static func collect(
        _ newest: NewestLines, into collector: PageCollector, _ log: LogSnapshot
    ) throws(LogError) -> EventPage {
        var (collector, isComplete) = newest.collect(into: collector)
        if isComplete { return collector.finish() }
        var lines = try FilteredLines(newest.older, log)
        while !collector.isDone, let chunk = try lines.next() { collector.add(chunk) }
        return collector.finish()
    }

    /// The next events of one who reads everything, oldest first: what memory holds, else what files do. Who
    /// calls it bounds how many read at once.
    func step(_ query: EventQuery, eventsMax: Int, bytesMax: Int) async throws -> EventPage {
        let collector = PageCollector(query, limit: eventsMax, bytesMax: bytesMax)
        let newest = NewestLines(query, recent.blocks)
        return try await blocking { log throws(LogError) in
            try Self.collect(newest, into: collector, log)
        }
    }

    /// One event's line; nil where there is none with this id.
    public func event(_ id: EventID) async throws -> [UInt8]? {
        for block in recent.blocks.reversed() {
            guard let range = block.range(of: id) else { continue }
            let isEvent = EventEnvelope(block.bytes.span.extracting(range)) != nil
            return isEvent ? Array(block.bytes[range]) : nil
        }
        var query = EventQuery()
        query.order = .oldestFirst
        query.after = id.value == 0 ? nil : EventID(id.value - 1)
        query.before = id.value == .max ? nil : id.advanced(by: 1)
        let page = try await page(query, limit: 1)
        return page.lines.first.map { Array(page.bytes[$0]) }
    }

    /// All events of a query, chunk by chunk: constant memory, however many there are.
    public func stream(_ query: EventQuery) async throws -> EventStream {
        let lines = try await scan { log throws(LogError) in try FilteredLines(query, log) }
        return EventStream(lines, self)
    }

    /// Caught up with the log.
    public func filterOptions() async throws -> FilterOptions {
        try await scan { [self] log throws(LogError) in
            try options.withLock { options throws(LogError) in
                var cursor = try log.lines(after: options.lastID)
                while let chunk = try cursor.next() {
                    chunk.forEachLine { range in
                        let line = chunk.bytes.span.extracting(range)
                        if let envelope = EventEnvelope(line),
                            EventMembers(whole: line, after: envelope) != nil
                        {
                            options.add(line, envelope)
                        }
                        return true
                    }
                }
                return options
            }
        }
    }

    /// Runs `body` where it may block.
    func scan<Result: Sendable>(
        _ body: @escaping @Sendable (LogSnapshot) throws(LogError) -> Result
    ) async throws -> Result {
        try scans.withLock { count throws(Refusal) in
            guard count < limits.scansMax else { throw .tooManyScans }
            count += 1
        }
        defer { scans.withLock { $0 -= 1 } }
        return try await blocking(body)
    }

    /// The same for a question that was let in already.
    func blocking<Result: Sendable>(
        _ body: @escaping @Sendable (LogSnapshot) throws(LogError) -> Result
    ) async throws -> Result {
        try await threads.runIfActive { [source] in
            do throws(LogError) {
                return try body(try source())
            } catch {
                throw Refusal.failed(error)
            }
        }
    }
}

/// Chunk by chunk, what a query leaves of the log. Ask from one task.
public struct EventStream: Sendable {
    private var lines: FilteredLines
    private let reader: EventReader

    init(_ lines: FilteredLines, _ reader: EventReader) {
        self.lines = lines
        self.reader = reader
    }

    /// The next lines; may be empty where a chunk of the log held none. Nil at the end.
    public mutating func next() async throws -> EventPage? {
        let (lines, page) = try await reader.blocking { [lines] _ throws(LogError) in
            var lines = lines
            let chunk = try lines.next()
            return (lines, chunk.map(PageCollector.all))
        }
        self.lines = lines
        return page
    }
}
