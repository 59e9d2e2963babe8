internal import EventLine
public import EventLog
public import NIOPosix
internal import Synchronization
public import TimeSeries

/// Answers questions about stored events: the newest from memory, older ones from few blocks of the log's
/// files.
///
/// Files are read on threads of their own, a bounded number of scans at a time.
public final class EventReader: Sendable {
    public struct Limits: Sendable {
        /// Questions that read files, at one time.
        public var scansMax = 32
        /// Lines of one page; a page that would be larger ends early.
        public var pageBytesMax = 64 << 20
        /// How long one page is looked for; then it ends with what was found, and says where to go on.
        public var scanMillisecondsMax = 2_000

        public init() {}
    }

    public enum Refusal: Error, Sendable {
        case tooManyScans
        case failed(LogError)
    }

    private let source: @Sendable () throws(LogError) -> LogSnapshot
    private let recent: RecentEvents
    private let index: LogIndex
    private let threads: NIOThreadPool
    private let limits: Limits
    private let options: FilterOptions.Limits
    private let scans = Mutex(0)

    /// - Parameter source: the log at this moment.
    public init(
        source: @escaping @Sendable () throws(LogError) -> LogSnapshot, recent: RecentEvents,
        index: LogIndex, options: FilterOptions.Limits = FilterOptions.Limits(),
        threads: NIOThreadPool, limits: Limits = Limits()
    ) {
        self.source = source
        self.recent = recent
        self.index = index
        self.options = options
        self.threads = threads
        self.limits = limits
    }

    /// Blocks that were found to be other than written.
    public var damage: [DamagedSpan] { index.damage }

    /// What memory holds of the log's end.
    var newestBlocks: [LineBlock] { recent.blocks }

    /// Up to `limit` events. Where no filter is given and memory has the answer, no thread is changed.
    public func page(_ query: EventQuery, limit: Int) async throws -> EventPage {
        let view = index.view
        let newest = newestBlocks
        let collector = PageCollector(limit: limit, bytesMax: limits.pageBytesMax)
        if let page = Self.page(query, newest, collector) { return page }
        return try await scan { [self] log throws(LogError) in
            let lines = try FilteredLines(query, newest: newest, view, index, log)
            return try page(lines, collector)
        }
    }

    /// The next events of one who reads everything, oldest first: what memory holds, else what files do. Who
    /// calls it bounds how many read at once.
    func step(_ query: EventQuery, eventsMax: Int, bytesMax: Int) async throws -> EventPage {
        let view = index.view
        let newest = newestBlocks
        let collector = PageCollector(limit: eventsMax, bytesMax: bytesMax)
        return try await blocking { [self] () throws(LogError) in
            let lines = try FilteredLines(query, newest: newest, view, index, try source())
            return try page(lines, collector)
        }
    }

    private func page(
        _ lines: FilteredLines, _ collector: PageCollector
    ) throws(LogError) -> EventPage {
        let deadline = ContinuousClock.now + .milliseconds(limits.scanMillisecondsMax)
        var (lines, collector) = (lines, collector)
        while !collector.isDone, let found = try lines.next() {
            collector.add(found)
            if !collector.isDone, let passed = lines.passed, .now > deadline {
                return collector.stop(at: passed)
            }
        }
        return collector.finish()
    }

    /// The page where memory alone has it, and need not be searched; else nil.
    private static func page(
        _ query: EventQuery, _ newest: [LineBlock], _ collector: PageCollector
    ) -> EventPage? {
        guard query.filter.isEmpty, let oldest = newest.first?.firstID, let ids = query.ids else {
            return nil
        }
        let hasAll = ids.lowerBound >= oldest
        guard hasAll || query.order == .newestFirst else { return nil }
        let filter = LineFilter(query)
        var (lines, collector) = (MemoryLines(newest, ids), collector)
        while !collector.isDone, let found = lines.next(filter) { collector.add(found) }
        return collector.isDone || hasAll ? collector.finish() : nil
    }

    /// One event's line; nil where there is none with this id.
    public func event(_ id: EventID) async throws -> [UInt8]? {
        let newest = newestBlocks
        for block in newest.reversed() {
            guard let range = block.range(of: id) else { continue }
            let isEvent = EventEnvelope(block.bytes.span.extracting(range)) != nil
            return isEvent ? Array(block.bytes[range]) : nil
        }
        if let oldest = newest.first, id >= oldest.firstID { return nil }
        var query = EventQuery()
        query.order = .oldestFirst
        query.after = id.value == 0 ? nil : EventID(id.value - 1)
        query.before = id.value == .max ? nil : id.advanced(by: 1)
        let page = try await page(query, limit: 1)
        return page.lines.first.map { Array(page.bytes[$0]) }
    }

    /// All events of a query, stretch by stretch: constant memory, however many there are.
    public func stream(_ query: EventQuery) async throws -> EventStream {
        let view = index.view
        let newest = newestBlocks
        let lines = try await scan { [index] log throws(LogError) in
            try FilteredLines(query, newest: newest, view, index, log)
        }
        return EventStream(lines, self)
    }

    /// What there is to filter by, up to the newest event.
    public func filterOptions() async throws -> FilterOptions {
        let view = index.view
        let newest = newestBlocks
        return try await scan { [self] log throws(LogError) in
            var options = FilterOptions(limits: options)
            options.add(view)
            var query = EventQuery()
            query.order = .oldestFirst
            query.after = view.end
            var lines = try FilteredLines(query, newest: newest, view, index, log)
            let deadline = ContinuousClock.now + .milliseconds(limits.scanMillisecondsMax)
            while .now < deadline, let found = try lines.next() { options.add(found) }
            return options
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
        return try await blocking { [source] () throws(LogError) in try body(try source()) }
    }

    /// The same for a question that was let in already, and has its snapshot.
    func blocking<Result: Sendable>(
        _ body: @escaping @Sendable () throws(LogError) -> Result
    ) async throws -> Result {
        try await threads.runIfActive {
            do throws(LogError) {
                return try body()
            } catch {
                throw Refusal.failed(error)
            }
        }
    }
}

/// Stretch by stretch, what a query leaves of the log. Ask from one task.
public struct EventStream: Sendable {
    /// What is read for one piece of it.
    private static let pieceBytes = 128 << 10

    private var lines: FilteredLines
    private let reader: EventReader

    init(_ lines: FilteredLines, _ reader: EventReader) {
        self.lines = lines
        self.reader = reader
    }

    /// The next lines; may be empty where a stretch of the log held none. Nil at the end.
    public mutating func next() async throws -> EventPage? {
        let (lines, page) = try await reader.blocking { [lines] () throws(LogError) in
            var (lines, collector, bytes) = (lines, PageCollector(limit: .max), 0)
            var isAtEnd = false
            // Blocks are small where an index leads to them: some of them make one piece.
            while bytes < Self.pieceBytes, !isAtEnd {
                let found = try lines.next()
                isAtEnd = found == nil
                bytes += found?.bytes.count ?? 0
                if let found { collector.add(found) }
            }
            return (lines, isAtEnd && bytes == 0 ? nil : collector.finish())
        }
        self.lines = lines
        return page
    }
}
