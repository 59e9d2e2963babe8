internal import EventIndex
internal import EventLog
internal import Storage
internal import TimeSeries

/// Some of the log's lines, in a query's order: one stretch after the other.
enum LineSource: Sendable {
    case memory(MemoryLines)
    case scanned(ScannedLines)
    case indexed(IndexedLines)

    /// The next stretch, perhaps with nothing wanted in it; nil at the end.
    mutating func next(_ filter: LineFilter) throws(LogError) -> FoundLines? {
        switch self {
        case .memory(var lines):
            defer { self = .memory(lines) }
            return lines.next(filter)
        case .scanned(var lines):
            defer { self = .scanned(lines) }
            return try lines.next(filter)
        case .indexed(var lines):
            do {
                let found = try lines.next(filter)
                self = .indexed(lines)
                return found
            } catch let error as LogError {
                throw error
            } catch {
                // The store is of no use: what is left is found by reading it all.
                self = .scanned(
                    try ScannedLines(lines.snapshot, lines.rest, filter.isNewestFirst))
                return try next(filter)
            }
        }
    }
}

/// Of the newest lines.
struct MemoryLines: Sendable {
    private var blocks: ArraySlice<LineBlock>
    private let ids: ClosedRange<EventID>

    init(_ blocks: [LineBlock], _ ids: ClosedRange<EventID>) {
        self.blocks = blocks.filter { $0.lastID >= ids.lowerBound }[...]
        self.ids = ids
    }

    mutating func next(_ filter: LineFilter) -> FoundLines? {
        let block = filter.isNewestFirst ? blocks.popLast() : blocks.popFirst()
        return block.map { filter.events(of: $0, ids) }
    }
}

/// All lines from one id to another.
struct ScannedLines: Sendable {
    private var cursor: LogCursor?
    private let ids: ClosedRange<EventID>

    init(
        _ log: LogSnapshot, _ ids: ClosedRange<EventID>, _ isNewestFirst: Bool
    ) throws(LogError) {
        self.ids = ids
        // Beyond the last id there is nothing.
        let end = EventID(max(ids.upperBound.value, ids.upperBound.value &+ 1))
        cursor =
            isNewestFirst
            ? try log.linesBackward(before: end)
            : try log.lines(after: EventID(max(ids.lowerBound.value, 1) - 1))
    }

    mutating func next(_ filter: LineFilter) throws(LogError) -> FoundLines? {
        guard let chunk = try cursor?.next() else { return nil }
        let found = filter.events(of: chunk, ids)
        if found.isLast { cursor = nil }
        return found
    }
}

/// The lines of blocks in which, by the index, something may be found.
struct IndexedLines: Sendable {
    /// What the store has not been asked about yet; of what was, all that follows the last answer.
    private(set) var rest: ClosedRange<EventID>
    private var reader: LogReader
    private let query: IndexQuery
    private let index: LogIndex
    private let store: DerivedReader?
    private var stretches: ArraySlice<IndexStretch>
    private var isAsked: Bool

    /// Of what is stored.
    init(_ index: LogIndex, _ store: DerivedReader, _ log: LogSnapshot, _ query: IndexQuery) {
        (self.index, self.store, self.query) = (index, store, query)
        reader = LogReader(log)
        rest = query.ids
        stretches = []
        isAsked = false
    }

    /// Of chapters that are not stored.
    /// - Parameter chapters: in the query's order.
    init(
        _ index: LogIndex, _ chapters: [IndexChapter], _ log: LogSnapshot, _ query: IndexQuery,
        isNewestFirst: Bool
    ) {
        (self.index, store, self.query) = (index, nil, query)
        reader = LogReader(log)
        rest = query.ids
        let found = chapters.flatMap { $0.stretches(for: query) }
        stretches = (isNewestFirst ? found.reversed() : found)[...]
        isAsked = true
    }

    var snapshot: LogSnapshot { reader.snapshot }

    mutating func next(_ filter: LineFilter) throws -> FoundLines? {
        while true {
            if let stretch = stretches.popFirst() {
                guard let found = try read(stretch, filter) else { continue }
                return found
            }
            guard !isAsked, let store else { return nil }
            var question = query
            question.ids = rest
            let page = try store.indexPage(question, newestFirst: filter.isNewestFirst)
            stretches = page.stretches[...]
            isAsked = page.rest == nil
            rest = page.rest ?? rest
            if stretches.isEmpty, !isAsked { return passed(filter) }
        }
    }

    /// Nothing was found, but it took its time.
    private func passed(_ filter: LineFilter) -> FoundLines {
        var found = FoundLines(bytes: [])
        found.passed =
            filter.isNewestFirst
            ? rest.upperBound.advanced(by: 1) : EventID(rest.lowerBound.value - 1)
        return found
    }

    /// - Returns: nil where the log no longer has it.
    private mutating func read(
        _ stretch: IndexStretch, _ filter: LineFilter
    ) throws(LogError) -> FoundLines? {
        guard let chunk = try reader.lines(of: stretch.partition, in: stretch.range) else {
            return nil
        }
        check(chunk, stretch)
        var found = filter.events(of: chunk, query.ids)
        if filter.isNewestFirst {
            found.passed = max(stretch.blocks[0].firstID, query.ids.lowerBound)
        }
        return found
    }

    private func check(_ chunk: LineChunk, _ stretch: IndexStretch) {
        for place in stretch.blocks.indices {
            let range = stretch.range(of: place)
            let start = range.lowerBound - chunk.offset
            let bytes = chunk.bytes.span.extracting(start..<start + range.count)
            guard BlockChecksum.of(bytes) != stretch.blocks[place].checksum,
                let name = snapshot.partition(of: stretch.blocks[place].firstID)
            else { continue }
            index.found(damaged: DamagedSpan(fileName: name.fileName, range: range))
        }
    }
}
