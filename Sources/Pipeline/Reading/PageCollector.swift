internal import TimeSeries

/// Gathers a page from memory and files alike.
struct PageCollector: Sendable {
    private let limit: Int
    private let bytesMax: Int
    private var page = EventPage()
    private var hasMore = false

    init(limit: Int, bytesMax: Int = .max) {
        self.limit = limit
        self.bytesMax = bytesMax
    }

    /// One more event than the page holds was seen.
    var isDone: Bool { hasMore }

    mutating func add(_ found: FoundLines) {
        for (id, range) in found.lines where !isDone {
            append(found.bytes.span.extracting(range), id)
        }
    }

    func finish() -> EventPage {
        var page = page
        page.next = hasMore ? page.lastID : nil
        return page
    }

    /// A page that ends before it is full.
    /// - Parameter id: all up to it has been looked at.
    func stop(at id: EventID) -> EventPage {
        var page = page
        page.next = id
        page.isStoppedEarly = true
        return page
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
