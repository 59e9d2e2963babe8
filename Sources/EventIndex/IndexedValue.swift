/// What events are found by without a look at them.
public enum IndexedField: UInt8, CaseIterable, Sendable {
    case sessionID, sourceApp, type, agentID
}

/// A value that a field of an event has.
public struct IndexedValue: Hashable, Sendable {
    public let field: IndexedField
    /// Decoded UTF-8.
    public let text: [UInt8]

    public init(_ field: IndexedField, _ text: [UInt8]) {
        self.field = field
        self.text = text
    }

    /// Stands for all values of a field, where a chapter has too many of them to be told apart. No event
    /// has an empty value.
    public static func any(of field: IndexedField) -> IndexedValue { IndexedValue(field, []) }

    public var isAny: Bool { text.isEmpty }
}

extension IndexedValue: Comparable {
    public static func < (left: Self, right: Self) -> Bool {
        left.field == right.field
            ? left.text.lexicographicallyPrecedes(right.text)
            : left.field.rawValue < right.field.rawValue
    }
}
