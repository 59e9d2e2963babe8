internal import EventLine
internal import EventLog
internal import TimeSeries

/// What a query wants of lines, read from wherever they stand.
struct LineFilter: Sendable {
    let isNewestFirst: Bool
    private let matcher: EventMatcher

    init(_ query: EventQuery) {
        isNewestFirst = query.order == .newestFirst
        matcher = EventMatcher(query.filter)
    }

    /// The events of a chunk that are wanted, in the query's order.
    /// - Parameter ids: that count.
    func events(of read: LineChunk, _ ids: ClosedRange<EventID>) -> FoundLines {
        var found = FoundLines(bytes: read.bytes)
        read.forEachLine(newestFirst: isNewestFirst) { range in
            let line = read.bytes.span.extracting(range)
            guard let id = EventEnvelope.id(of: line) else { return true }
            guard ids.contains(id) else {
                // Once behind the ids there is no way back.
                let isBehind = isNewestFirst ? id < ids.lowerBound : id > ids.upperBound
                if isBehind { found.isLast = true }
                return !isBehind
            }
            found.passed = id
            if let envelope = EventEnvelope(line), matcher.matches(line, envelope),
                EventMembers(whole: line, after: envelope) != nil
            {
                found.lines.append((id, range))
            }
            return true
        }
        return found
    }

    /// The same of lines that were checked before they were kept.
    func events(of block: LineBlock, _ ids: ClosedRange<EventID>) -> FoundLines {
        var found = FoundLines(bytes: block.bytes)
        let indices = 0..<block.count
        func look(_ index: Int) {
            let id = block.firstID.advanced(by: index)
            guard ids.contains(id) else { return }
            let range = block.range(at: index)
            let line = block.bytes.span.extracting(range)
            if let envelope = EventEnvelope(line), matcher.matches(line, envelope) {
                found.lines.append((id, range))
            }
        }
        if isNewestFirst { indices.reversed().forEach(look) } else { indices.forEach(look) }
        found.passed = isNewestFirst ? block.firstID : block.lastID
        return found
    }
}

/// What was found in one stretch of lines.
struct FoundLines: Sendable {
    var lines: [(id: EventID, range: Range<Int>)] = []
    let bytes: [UInt8]
    /// All up to here, in the query's order, has been looked at; nil where there was nothing to look at.
    var passed: EventID?
    /// No line behind these counts.
    var isLast = false

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}
