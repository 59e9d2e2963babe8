internal import EventLine
internal import EventLog
internal import TimeSeries

/// The lines of a log snapshot that a query asks for, chunk by chunk, in its order.
struct FilteredLines: Sendable {
    struct Chunk {
        var lines: [(id: EventID, range: Range<Int>)] = []
        let bytes: [UInt8]
    }

    private let query: EventQuery
    private let matcher: EventMatcher
    private var cursor: LogCursor
    private var isPast = false

    init(_ query: EventQuery, _ log: LogSnapshot) throws(LogError) {
        self.query = query
        matcher = EventMatcher(query.filter)
        switch query.order {
        case .newestFirst: cursor = try log.linesBackward(before: query.before ?? .last)
        case .oldestFirst: cursor = try log.lines(after: query.after ?? .none)
        }
    }

    /// The next chunk, perhaps without any line; nil at the end.
    mutating func next() throws(LogError) -> Chunk? {
        guard !isPast, let read = try cursor.next() else { return nil }
        var chunk = Chunk(bytes: read.bytes)
        let newestFirst = query.order == .newestFirst
        let (query, matcher) = (self.query, self.matcher)
        let isWhole = read.forEachLine(newestFirst: newestFirst) { range in
            let line = read.bytes.span.extracting(range)
            guard let envelope = EventEnvelope(line) else { return true }
            if query.isPast(envelope.id) { return false }
            if query.contains(envelope.id), matcher.matches(line, envelope),
                EventMembers(whole: line, after: envelope) != nil
            {
                chunk.lines.append((envelope.id, range))
            }
            return true
        }
        isPast = !isWhole
        return chunk
    }
}

/// The part of a query that memory can answer, and what is left for the files.
struct NewestLines: Sendable {
    private let query: EventQuery
    private let blocks: [LineBlock]

    init(_ query: EventQuery, _ blocks: [LineBlock]) {
        self.query = query
        self.blocks = blocks
    }

    /// - Returns: whether no file need be read.
    func collect(into collector: PageCollector) -> (PageCollector, isComplete: Bool) {
        var collector = collector
        switch query.order {
        case .newestFirst:
            for block in blocks.reversed() where !collector.isDone { collector.add(block) }
            return (collector, collector.isDone)
        case .oldestFirst:
            guard let oldest = blocks.first, let after = query.after,
                after.advanced(by: 1) >= oldest.firstID
            else { return (collector, false) }
            for block in blocks where !collector.isDone { collector.add(block) }
            return (collector, true)
        }
    }

    /// What the files have to answer.
    var older: EventQuery {
        var query = query
        if query.order == .newestFirst, let oldest = blocks.first {
            query.before = min(query.before ?? .last, oldest.firstID)
        }
        return query
    }
}

/// Gathers a page from memory and files alike.
struct PageCollector: Sendable {
    private let query: EventQuery
    private let matcher: EventMatcher
    private let limit: Int
    private let bytesMax: Int
    private var page = EventPage()
    private var hasMore = false

    init(_ query: EventQuery, limit: Int, bytesMax: Int = .max) {
        self.query = query
        self.limit = limit
        self.bytesMax = bytesMax
        matcher = EventMatcher(query.filter)
    }

    /// One more event than the page holds was seen.
    var isDone: Bool { hasMore }

    static func all(_ chunk: FilteredLines.Chunk) -> EventPage {
        var collector = PageCollector(EventQuery(), limit: .max)
        collector.add(chunk)
        return collector.finish()
    }

    mutating func add(_ block: LineBlock) {
        let indices = 0..<block.count
        if query.order == .newestFirst {
            for index in indices.reversed() where !isDone { add(index, of: block) }
        } else {
            for index in indices where !isDone { add(index, of: block) }
        }
    }

    mutating func add(_ chunk: FilteredLines.Chunk) {
        for (id, range) in chunk.lines where !isDone {
            append(chunk.bytes.span.extracting(range), id)
        }
    }

    func finish() -> EventPage {
        var page = page
        page.next = hasMore ? page.lastID : nil
        return page
    }

    private mutating func add(_ index: Int, of block: LineBlock) {
        guard query.contains(block.firstID.advanced(by: index)) else { return }
        let line = block.bytes.span.extracting(block.range(at: index))
        guard let envelope = EventEnvelope(line), matcher.matches(line, envelope) else { return }
        append(line, envelope.id)
    }

    private mutating func append(_ line: Span<UInt8>, _ id: EventID) {
        let isOver = page.bytes.count + line.count > bytesMax && !page.lines.isEmpty
        if page.lines.count == limit || isOver {
            hasMore = true
        } else {
            page.append(line, id)
        }
    }
}
