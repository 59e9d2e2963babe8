internal import EventIndex
internal import NIOPosix
internal import Storage
internal import TimeSeries

/// Holds the event index of a store against a recounted one, chapter by chapter and value by value.
///
/// The store may go on meanwhile: what it had at one moment never changes, but for the values' last events.
struct IndexComparison: Sendable {
    private static let pageChapters = 256
    private static let pageValues = 4_096

    private(set) var rows: RowComparison
    private let stored, recounted: DerivedReader
    /// Behind the lines that the log no longer has.
    private let start: EventID
    /// The last line that the store had indexed.
    private let end: EventID

    /// - Parameter start: the last line that is left out.
    init(
        _ stored: DerivedReader, after start: EventID, through end: EventID,
        _ recounted: DerivedReader, _ rows: RowComparison
    ) {
        (self.stored, self.recounted, self.rows) = (stored, recounted, rows)
        (self.start, self.end) = (start, end)
    }

    /// Blocks, so it belongs on a thread that may.
    mutating func run() throws {
        try compareChapters()
        try compareValues()
    }

    private mutating func compareChapters() throws {
        var left = Paged { [stored, start, end] (last: IndexChapter?) in
            try stored.chapters(
                after: last?.firstID ?? start, through: end, max: Self.pageChapters)
        }
        var right = Paged { [recounted, start] (last: IndexChapter?) in
            try recounted.chapters(
                after: last?.firstID ?? start, through: EventID(UInt64(Int64.max)),
                max: Self.pageChapters)
        }
        var volume = EventID.none
        while let id = [try left.peek()?.firstID, try right.peek()?.firstID].compactMap(\.self)
            .min()
        {
            let stored = try left.next { $0.firstID == id }
            let recounted = try right.next { $0.firstID == id }
            rows.compare(
                isSame: stored == recounted,
                Difference(
                    kind: .index, name: "lines from \(id) on",
                    stored: stored?.text(besides: recounted),
                    recounted: recounted?.text(besides: stored)))
            if let stored, stored.volume != volume {
                volume = stored.volume
                try compare(volume)
            }
        }
    }

    private mutating func compare(_ volume: EventID) throws {
        rows.compare(
            isSame: try stored.isConsistent(volume: volume),
            Difference(
                kind: .index, name: "the volume that begins with line \(volume)",
                stored: "not what its chapters say", recounted: nil))
    }

    private mutating func compareValues() throws {
        var left = Paged { [stored] (last: SeenIndexedValue?) in
            try stored.values(after: last?.value, max: Self.pageValues).map(SeenIndexedValue.init)
        }
        var right = Paged { [recounted] (last: SeenIndexedValue?) in
            try recounted.values(after: last?.value, max: Self.pageValues).map(
                SeenIndexedValue.init)
        }
        while let value = [try left.peek()?.value, try right.peek()?.value].compactMap(\.self).min()
        {
            let stored = try left.next { $0.value == value }
            let recounted = try right.next { $0.value == value }
            // Seen again since, or for the first time; or before all that is left of the log.
            if let stored, stored.lastID > end || stored.lastID <= start { continue }
            rows.compare(
                isSame: stored?.lastID == recounted?.lastID,
                Difference(
                    kind: .index, name: value.name, stored: stored?.text,
                    recounted: recounted?.text))
        }
    }
}

/// Rows in their order, read page by page.
private struct Paged<Row> {
    private let read: (Row?) throws -> [Row]
    private var page: ArraySlice<Row> = []
    private var last: Row?
    private var isAtEnd = false

    init(_ read: @escaping (Row?) throws -> [Row]) {
        self.read = read
    }

    mutating func peek() throws -> Row? {
        if page.isEmpty, !isAtEnd {
            page = try read(last)[...]
            last = page.last ?? last
            isAtEnd = page.isEmpty
        }
        return page.first
    }

    mutating func next(where isWanted: (Row) -> Bool) throws -> Row? {
        guard let row = try peek(), isWanted(row) else { return nil }
        return page.popFirst()
    }
}

private struct SeenIndexedValue {
    let value: IndexedValue
    let lastID: EventID

    var text: String { "last seen in line \(lastID)" }
}

// MARK: Rows as text

extension IndexedValue {
    fileprivate var name: String {
        isAny
            ? "many values of \(field.name)"
            : "\(field.name) \(String(decoding: text, as: UTF8.self))"
    }
}

extension IndexedField {
    fileprivate var name: String {
        switch self {
        case .sessionID: "session_id"
        case .sourceApp: "source_app"
        case .type: "type"
        case .agentID: "agent_id"
        }
    }
}

extension IndexChapter {
    /// What of it another one has not.
    fileprivate func text(besides other: IndexChapter?) -> String {
        let lines =
            "lines up to \(lastID), \(blocks.count) blocks of bytes \(offset) to \(end) of "
            + "partition \(partition)"
        let block = blocks.first { other?.blocks.contains($0) == false }
        let entry = entries.first { other?.entries.contains($0) == false }
        let parts = [
            block.map { "at byte \($0.offset) CRC \(String($0.checksum, radix: 16))" },
            entry.map { "\($0.value.name) in blocks \(String($0.blocks, radix: 2))" },
            other?.times == times
                ? nil : times.map { "from \($0.lowerBound) to \($0.upperBound)" },
        ]
        return ([lines] + parts.compactMap(\.self)).joined(separator: ", ")
    }
}
