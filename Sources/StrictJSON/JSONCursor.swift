/// A single pass over a JSON text that validates all that it moves over: the whole grammar and
/// UTF-8 (RFC 8259, RFC 3629), and never looks at a byte twice.
///
/// The cursor is a position and what was noticed on the way; the bytes are handed to each call,
/// so that it can be kept, copied and moved back without holding on to memory.
///
///     { "a" : [1, 2] }
///     ^enterObject ^nextKey ^skipValue ^anotherMember
///
/// Numbers are validated, never converted: `1e400` and 30 digits are as good as `1`.
public struct JSONCursor: Sendable {
    /// The next byte to be read.
    public var position: Int
    /// One past the last byte that belongs to the text.
    public let end: Int
    private let start: Int
    private let depthMax: Int
    /// White space was moved over outside of strings, so a copy of the text must be compacted.
    public private(set) var sawWhitespace = false
    /// How many escapes strings have held: the same before and after a string means that its bytes are
    /// what it says.
    public internal(set) var escapes = 0
    /// A string held a `\u` escape of a printable ASCII character: its bytes hide what it says.
    public internal(set) var sawEscapedASCII = false

    /// Levels of arrays and objects within one another, at most.
    public static let depthMax = 128

    public init(_ range: Range<Int>, depthMax: Int = JSONCursor.depthMax) {
        precondition(depthMax <= JSONCursor.depthMax, "BUG: deeper than a cursor can count")
        start = range.lowerBound
        position = start
        end = range.upperBound
        self.depthMax = depthMax
    }

    func fault(_ reason: JSONFault.Reason, at position: Int) -> JSONFault {
        JSONFault(reason, at: position - start)
    }
}

// MARK: Structure

extension JSONCursor {
    /// The first byte of the next token, which is not consumed.
    @inline(__always)
    public mutating func peek(in bytes: Span<UInt8>) throws(JSONFault) -> UInt8 {
        skipWhitespace(in: bytes)
        guard position < end else { throw fault(.unexpectedEnd, at: position) }
        return bytes[position]
    }

    /// Consumes `{`, and `}` too where the object is empty.
    /// - Returns: whether a member follows.
    public mutating func enterObject(in bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        try expect(JSONByte.openBrace, in: bytes)
        return try !consume(JSONByte.closeBrace, in: bytes)
    }

    /// Consumes a key and its colon.
    /// - Returns: the bytes of the key's token, with its quotes.
    public mutating func nextKey(in bytes: Span<UInt8>) throws(JSONFault) -> Range<Int> {
        guard try peek(in: bytes) == JSONByte.quote else {
            throw fault(.unexpectedByte, at: position)
        }
        let start = position
        try skipString(in: bytes)
        let key = start..<position
        try expect(JSONByte.colon, in: bytes)
        return key
    }

    /// Consumes `,` or the closing `}`.
    /// - Returns: whether a member follows.
    public mutating func anotherMember(in bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        try another(closing: JSONByte.closeBrace, in: bytes)
    }

    /// Consumes `[`, and `]` too where the array is empty.
    /// - Returns: whether an element follows.
    public mutating func enterArray(in bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        try expect(JSONByte.openBracket, in: bytes)
        return try !consume(JSONByte.closeBracket, in: bytes)
    }

    /// Consumes `,` or the closing `]`.
    /// - Returns: whether an element follows.
    public mutating func anotherElement(in bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        try another(closing: JSONByte.closeBracket, in: bytes)
    }

    /// Nothing but white space may follow.
    public mutating func finish(in bytes: Span<UInt8>) throws(JSONFault) {
        skipWhitespace(in: bytes)
        guard position == end else { throw fault(.trailingBytes, at: position) }
    }

    /// A byte order mark is told by its name, since it cannot be seen.
    public func rejectByteOrderMark(in bytes: Span<UInt8>) throws(JSONFault) {
        guard position + 2 < end, bytes[position] == 0xEF, bytes[position + 1] == 0xBB,
            bytes[position + 2] == 0xBF
        else { return }
        throw fault(.byteOrderMark, at: position)
    }

    private mutating func another(
        closing: UInt8, in bytes: Span<UInt8>
    ) throws(JSONFault) -> Bool {
        let byte = try peek(in: bytes)
        guard byte == JSONByte.comma || byte == closing else {
            throw fault(.unexpectedByte, at: position)
        }
        position += 1
        return byte == JSONByte.comma
    }

    private mutating func expect(_ byte: UInt8, in bytes: Span<UInt8>) throws(JSONFault) {
        guard try peek(in: bytes) == byte else { throw fault(.unexpectedByte, at: position) }
        position += 1
    }

    private mutating func consume(_ byte: UInt8, in bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        guard try peek(in: bytes) == byte else { return false }
        position += 1
        return true
    }

    @inline(__always)
    mutating func skipWhitespace(in bytes: Span<UInt8>) {
        guard position < end, bytes[position] <= 0x20 else { return }
        while position < end, JSONByte.isWhitespace(bytes[position]) {
            position += 1
            sawWhitespace = true
        }
    }
}

// MARK: Values

extension JSONCursor {
    /// Moves over one value of any kind, checking all of it.
    ///
    /// Nesting is a bit a level (1 = object), not recursion: hostile depth costs no stack.
    /// - Parameter depth: the levels that the value stands in already.
    public mutating func skipValue(
        in bytes: Span<UInt8>, depth: Int = 0
    ) throws(JSONFault) {
        var levels = NestingLevels()
        while true {
            switch try peek(in: bytes) {
            case JSONByte.openBrace:
                try checkDepth(depth + levels.depth)
                if try enterObject(in: bytes) {
                    levels.push(object: true)
                    _ = try nextKey(in: bytes)
                    continue
                }
            case JSONByte.openBracket:
                try checkDepth(depth + levels.depth)
                if try enterArray(in: bytes) {
                    levels.push(object: false)
                    continue
                }
            default:
                try skipScalar(in: bytes)
            }
            guard try leaveFinished(&levels, in: bytes) else { return }
        }
    }

    /// Whether one more level may be opened within so many.
    @inline(__always)
    private func checkDepth(_ depth: Int) throws(JSONFault) {
        guard depth < depthMax else { throw fault(.tooDeep, at: position) }
    }

    /// After a value: closes what ends here.
    /// - Returns: whether another value follows.
    @inline(__always)
    private mutating func leaveFinished(
        _ levels: inout NestingLevels, in bytes: Span<UInt8>
    ) throws(JSONFault) -> Bool {
        while levels.depth > 0 {
            if levels.isObject {
                if try anotherMember(in: bytes) {
                    _ = try nextKey(in: bytes)
                    return true
                }
            } else if try anotherElement(in: bytes) {
                return true
            }
            levels.pop()
        }
        return false
    }

    /// Moves over a string, number or literal.
    @inline(__always)
    mutating func skipScalar(in bytes: Span<UInt8>) throws(JSONFault) {
        switch bytes[position] {
        case JSONByte.quote: try skipString(in: bytes)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber(in: bytes)
        case UInt8(ascii: "t"): try skipLiteral("true", in: bytes)
        case UInt8(ascii: "f"): try skipLiteral("false", in: bytes)
        case UInt8(ascii: "n"): try skipLiteral("null", in: bytes)
        default: throw fault(.unexpectedByte, at: position)
        }
    }

    private mutating func skipLiteral(
        _ word: String, in bytes: Span<UInt8>
    ) throws(JSONFault) {
        let start = position
        for letter in word.utf8 {
            guard position < end else { throw fault(.unexpectedEnd, at: position) }
            guard bytes[position] == letter else {
                throw fault(.invalidLiteral, at: start)
            }
            position += 1
        }
    }

    private mutating func skipNumber(in bytes: Span<UInt8>) throws(JSONFault) {
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        if position < end, bytes[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            try skipDigits(in: bytes)
        }
        if position < end, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try skipDigits(in: bytes)
        }
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < end, isSign(bytes[position]) { position += 1 }
            try skipDigits(in: bytes)
        }
    }

    private func isSign(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    }

    /// At least one digit.
    @inline(__always)
    private mutating func skipDigits(in bytes: Span<UInt8>) throws(JSONFault) {
        let start = position
        while position < end, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        guard position > start else {
            throw fault(position < end ? .invalidNumber : .unexpectedEnd, at: position)
        }
    }
}
