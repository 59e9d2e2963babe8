internal import EventIndex
internal import EventLog
internal import TimeSeries

/// The lines that a query asks for, in its order, from wherever they are found soonest:
///
///     oldest                                                                      newest
///     ├──── the stored index ────┼─ index, not stored yet ─┼── read all ──┼── memory ──┤
struct FilteredLines: Sendable {
    /// In reverse order.
    private var waiting: [LineSource]
    private let filter: LineFilter
    /// All up to here, in the query's order, has been looked at.
    private(set) var passed: EventID?

    /// - Parameters:
    ///   - newest: in memory, taken before the snapshot of the log.
    ///   - view: taken before both.
    init(
        _ query: EventQuery, newest: [LineBlock], _ view: LogIndex.View, _ index: LogIndex,
        _ log: LogSnapshot
    ) throws(LogError) {
        filter = LineFilter(query)
        let regions = LineRegions(query, newest: newest.first?.firstID, view)
        let isNewestFirst = filter.isNewestFirst
        var sources: [LineSource] = []
        if let ids = regions.stored, let store = view.store {
            let question = IndexQuery(query.filter, ids: ids)
            sources.append(.indexed(IndexedLines(index, store, log, question)))
        }
        if let ids = regions.pending {
            sources.append(
                .indexed(
                    IndexedLines(
                        index, view.pending, log, IndexQuery(query.filter, ids: ids),
                        isNewestFirst: isNewestFirst)))
        }
        if let ids = regions.unindexed {
            sources.append(.scanned(try ScannedLines(log, ids, isNewestFirst)))
        }
        if let ids = regions.memory { sources.append(.memory(MemoryLines(newest, ids))) }
        waiting = isNewestFirst ? sources : sources.reversed()
    }

    /// The next stretch, perhaps without any line; nil at the end.
    mutating func next() throws(LogError) -> FoundLines? {
        while var source = waiting.popLast() {
            guard let found = try source.next(filter) else { continue }
            waiting.append(source)
            passed = found.passed ?? passed
            return found
        }
        return nil
    }
}

/// Which ids of a query are looked for where; nil where none are.
struct LineRegions {
    let stored, pending, unindexed, memory: ClosedRange<EventID>?

    /// - Parameter newest: the first id in memory.
    init(_ query: EventQuery, newest: EventID?, _ view: LogIndex.View) {
        let behindIndex = view.end.advanced(by: 1)
        // The index leads to few blocks, where memory would have to be looked through.
        let inMemory = newest.map { query.filter.isEmpty ? $0 : max($0, behindIndex) }
        let end = inMemory.map { EventID($0.value - 1) } ?? .last
        func clip(_ first: EventID, _ last: EventID) -> ClosedRange<EventID>? {
            guard let ids = query.ids else { return nil }
            let (low, high) = (max(first, ids.lowerBound), min(last, ids.upperBound))
            return low <= high ? low...high : nil
        }
        stored = clip(.first, min(view.storedEnd, end))
        pending = clip(view.storedEnd.advanced(by: 1), min(view.end, end))
        unindexed = clip(behindIndex, end)
        memory = inMemory.flatMap { clip($0, .last) }
    }
}
