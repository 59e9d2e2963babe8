public import TimeSeries

/// What the index is asked: where events may stand that a filter lets through.
public struct IndexQuery: Sendable {
    /// What is wanted of one field: any of these.
    public struct Wanted: Sendable {
        public let field: IndexedField
        public let values: Set<IndexedValue>
    }

    public let wanted: [Wanted]
    public let from, to: Timestamp?
    /// Ids that may count.
    public var ids: ClosedRange<EventID>

    /// - Parameter ids: that may count.
    public init(_ filter: EventFilter, ids: ClosedRange<EventID>) {
        let lists = [
            (IndexedField.sessionID, filter.sessionIDs), (.agentID, filter.agentIDs),
            (.sourceApp, filter.sourceApps), (.type, filter.types),
        ]
        wanted = lists.filter { !$0.1.isEmpty }.map { field, texts in
            let values = texts.map { IndexedValue(field, Array($0.utf8)) }
            return Wanted(field: field, values: Set(values + [.any(of: field)]))
        }
        from = filter.from
        to = filter.to
        self.ids = ids
    }

    /// Whether events of some moments can count.
    public func mayMatch(_ times: ClosedRange<Timestamp>?) -> Bool {
        guard let times else { return false }
        return (from.map { times.upperBound >= $0 } ?? true)
            && (to.map { times.lowerBound < $0 } ?? true)
    }
}

/// Blocks side by side that may hold what was asked for.
public struct IndexStretch: Equatable, Sendable {
    public let partition: EventID
    /// At least one.
    public let blocks: [IndexBlock]
    /// Where the last block ends.
    public let end: Int

    public var range: Range<Int> { blocks[0].offset..<end }

    /// Where one of the blocks stands.
    public func range(of place: Int) -> Range<Int> {
        blocks[place].offset..<(place + 1 < blocks.count ? blocks[place + 1].offset : end)
    }
}

extension IndexChapter {
    /// The blocks that may hold what a query asks for, in the order of the log.
    public func stretches(for query: IndexQuery) -> [IndexStretch] {
        guard query.mayMatch(times) else { return [] }
        var blocks = UInt32.max
        for wanted in query.wanted {
            blocks &= entries.reduce(0) { mask, entry in
                entry.value.field == wanted.field && wanted.values.contains(entry.value)
                    ? mask | entry.blocks : mask
            }
        }
        return stretches(of: blocks, ids: query.ids)
    }

    /// - Parameter mask: a bit for each block that is wanted.
    public func stretches(of mask: UInt32, ids: ClosedRange<EventID>) -> [IndexStretch] {
        var stretches: [IndexStretch] = []
        var run: [IndexBlock] = []
        for place in blocks.indices {
            let last = place + 1 < blocks.count ? blocks[place + 1].firstID : lastID.advanced(by: 1)
            let isWanted =
                mask >> UInt32(blocks[place].number) & 1 == 1
                && blocks[place].firstID <= ids.upperBound && last > ids.lowerBound
            if isWanted {
                run.append(blocks[place])
            } else if !run.isEmpty {
                stretches.append(
                    IndexStretch(partition: partition, blocks: run, end: blocks[place].offset))
                run = []
            }
        }
        if !run.isEmpty {
            stretches.append(IndexStretch(partition: partition, blocks: run, end: end))
        }
        return stretches
    }
}
