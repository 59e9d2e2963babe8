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

    /// The ids that can count; nil where none can.
    var ids: ClosedRange<EventID>? {
        let first = after.map { $0 < .last ? $0.advanced(by: 1) : nil } ?? .first
        let last = before.map { $0 > .none ? EventID($0.value - 1) : nil } ?? .last
        guard let first, let last, first <= last else { return nil }
        return first...last
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
    /// Whether the time for one page was over before it was full: `next` is where to go on.
    public internal(set) var isStoppedEarly = false

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
