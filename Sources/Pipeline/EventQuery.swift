public import TimeSeries

/// A page of events, or the whole of what a filter leaves.
public struct EventQuery: Sendable {
    public enum Order: Sendable {
        case newestFirst
        case oldestFirst
    }

    public var filter = EventFilter()
    public var order = Order.newestFirst
    /// Only events after this one.
    public var after: EventID?
    /// Only events before this one.
    public var before: EventID?

    public init() {}

    func contains(_ id: EventID) -> Bool {
        id > after ?? .none && (before.map { id < $0 } ?? true)
    }

    /// Whether no event from here on, in this order, can count.
    func isPast(_ id: EventID) -> Bool {
        switch order {
        case .newestFirst: after.map { id <= $0 } ?? false
        case .oldestFirst: before.map { id >= $0 } ?? false
        }
    }
}

/// Stored lines in the order that was asked for.
public struct EventPage: Sendable {
    /// The lines, each with its line end.
    public private(set) var bytes: [UInt8] = []
    public private(set) var lines: [Range<Int>] = []
    public private(set) var lastID: EventID?
    /// Where the next page begins; nil where this is the last one.
    public internal(set) var next: EventID?

    /// The first lines.
    public func prefix(_ count: Int) -> EventPage {
        guard count < lines.count else { return self }
        var page = EventPage()
        page.lines = Array(lines.prefix(count))
        page.bytes = Array(bytes.prefix(page.lines.last?.upperBound ?? 0))
        return page
    }

    mutating func append(_ line: Span<UInt8>, _ id: EventID) {
        let start = bytes.count
        bytes.append(contentsOf: line)
        lines.append(start..<bytes.count)
        lastID = id
    }
}

extension [UInt8] {
    mutating func append(contentsOf line: Span<UInt8>) {
        unsafe line.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
