/// Visits every string token of a validated JSON text, keys and values alike, in order.
public struct JSONStringWalker: Sendable {
    private var position: Int
    private let end: Int

    public struct Token: Sendable {
        /// The token's bytes, with its quotes.
        public let range: Range<Int>
        public let isKey: Bool
        public let hasEscape: Bool
    }

    public init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    public mutating func next(in bytes: Span<UInt8>) -> Token? {
        while position < end, bytes[position] != JSONByte.quote { position += 1 }
        guard position < end else { return nil }
        let start = position
        let hasEscape = skipString(in: bytes)
        let range = start..<position
        while position < end, JSONByte.isWhitespace(bytes[position]) { position += 1 }
        let isKey = position < end && bytes[position] == JSONByte.colon
        return Token(range: range, isKey: isKey, hasEscape: hasEscape)
    }

    private mutating func skipString(in bytes: Span<UInt8>) -> Bool {
        var hasEscape = false
        position += 1
        while bytes[position] != JSONByte.quote {
            if bytes[position] == JSONByte.backslash {
                hasEscape = true
                position += 1
            }
            position += 1
        }
        position += 1
        return hasEscape
    }
}
