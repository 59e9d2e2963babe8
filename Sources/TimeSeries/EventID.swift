/// An event's place in the log: strictly rising over the life of a data folder, never used twice.
///
/// It is the paging cursor, the resume token and the order of the log.
public struct EventID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let value: UInt64

    public init(_ value: UInt64) {
        self.value = value
    }

    /// Before every event.
    public static let none = EventID(0)
    public static let first = EventID(1)
    public static let last = EventID(UInt64.max)

    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }

    public func advanced(by count: Int) -> EventID { EventID(value &+ UInt64(count)) }

    public var description: String { String(value) }
}
