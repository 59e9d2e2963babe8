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
    /// White space was moved over outside of strings, so a copy of the text must be compacted.
    public private(set) var sawWhitespace = false
    /// How many escapes strings have held: the same before and after a string means that its bytes are
    /// what it says.
    public private(set) var escapes = 0
    /// A string held a `\u` escape of a printable ASCII character: its bytes hide what it says.
    public private(set) var sawEscapedASCII = false

    /// Levels of arrays and objects within one another.
    public static let depthMax = 128

    public init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }
}

// MARK: Structure

extension JSONCursor {
    /// The first byte of the next token, which is not consumed.
    @inline(__always)
    public mutating func peek(in bytes: Span<UInt8>) throws(JSONFault) -> UInt8 {
        skipWhitespace(in: bytes)
        guard position < end else { throw JSONFault(.unexpectedEnd, at: position) }
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
            throw JSONFault(.unexpectedByte, at: position)
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
        guard position == end else { throw JSONFault(.trailingBytes, at: position) }
    }

    /// A byte order mark is told by its name, since it cannot be seen.
    public func rejectByteOrderMark(in bytes: Span<UInt8>) throws(JSONFault) {
        guard position + 2 < end, bytes[position] == 0xEF, bytes[position + 1] == 0xBB,
            bytes[position + 2] == 0xBF
        else { return }
        throw JSONFault(.byteOrderMark, at: position)
    }

    private mutating func another(
        closing: UInt8, in bytes: Span<UInt8>
    ) throws(JSONFault) -> Bool {
        let byte = try peek(in: bytes)
        guard byte == JSONByte.comma || byte == closing else {
            throw JSONFault(.unexpectedByte, at: position)
        }
        position += 1
        return byte == JSONByte.comma
    }

    private mutating func expect(_ byte: UInt8, in bytes: Span<UInt8>) throws(JSONFault) {
        guard try peek(in: bytes) == byte else { throw JSONFault(.unexpectedByte, at: position) }
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
    public mutating func skipValue(in bytes: Span<UInt8>) throws(JSONFault) {
        var levels = NestingLevels()
        while true {
            switch try peek(in: bytes) {
            case JSONByte.openBrace:
                if try enterObject(in: bytes) {
                    try levels.push(object: true, at: position)
                    _ = try nextKey(in: bytes)
                    continue
                }
            case JSONByte.openBracket:
                if try enterArray(in: bytes) {
                    try levels.push(object: false, at: position)
                    continue
                }
            default:
                try skipScalar(in: bytes)
            }
            guard try leaveFinished(&levels, in: bytes) else { return }
        }
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
        default: throw JSONFault(.unexpectedByte, at: position)
        }
    }

    private mutating func skipLiteral(
        _ word: String, in bytes: Span<UInt8>
    ) throws(JSONFault) {
        let start = position
        for letter in word.utf8 {
            guard position < end else { throw JSONFault(.unexpectedEnd, at: position) }
            guard bytes[position] == letter else {
                throw JSONFault(.invalidLiteral, at: start)
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
            throw JSONFault(position < end ? .invalidNumber : .unexpectedEnd, at: position)
        }
    }
}

// MARK: Strings

extension JSONCursor {
    /// Moves over a string token whose opening quote is the next byte.
    public mutating func skipString(in bytes: Span<UInt8>) throws(JSONFault) {
        position += 1
        while true {
            skipPlain(in: bytes)
            guard position < end else { throw JSONFault(.unexpectedEnd, at: position) }
            let byte = bytes[position]
            if byte == JSONByte.quote {
                position += 1
                return
            } else if byte == JSONByte.backslash {
                try skipEscape(in: bytes)
            } else if byte >= 0x80 {
                try skipMultibyte(in: bytes)
            } else if byte < 0x20 {
                throw JSONFault(.controlCharacter, at: position)
            } else {
                position += 1
            }
        }
    }

    /// Moves over bytes that need no thought, eight at a time: neither quote nor backslash, neither
    /// control character nor part of a multi-byte character.
    ///
    /// The borrow of the subtractions can mark bytes *above* the first one that counts, never below
    /// (Mycroft's test), so the lowest mark is right.
    @inline(__always)
    private mutating func skipPlain(in bytes: Span<UInt8>) {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        while position &+ 8 <= end {
            let word = bytes.littleEndianWord(at: position)
            let quote = word ^ (ones &* UInt64(JSONByte.quote))
            let backslash = word ^ (ones &* UInt64(JSONByte.backslash))
            let marks =
                ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
                | ((word &- ones &* 0x20) & ~word) | word
            let hits = marks & tops
            if hits != 0 {
                position &+= hits.trailingZeroBitCount &>> 3
                return
            }
            position &+= 8
        }
    }

    private mutating func skipEscape(in bytes: Span<UInt8>) throws(JSONFault) {
        let start = position
        escapes &+= 1
        guard position + 1 < end else { throw JSONFault(.unexpectedEnd, at: end) }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            guard position + 6 <= end else { throw JSONFault(.unexpectedEnd, at: end) }
            guard let unit = JSONByte.hexUnit(in: bytes, at: position + 2) else {
                throw JSONFault(.invalidEscape, at: start)
            }
            sawEscapedASCII = sawEscapedASCII || (0x20..<0x7F).contains(unit)
            position += 6
        default: throw JSONFault(.invalidEscape, at: start)
        }
    }

    /// One UTF-8 sequence of two to four bytes: shortest form, no surrogates, at most U+10FFFF
    /// (RFC 3629 section 4).
    private mutating func skipMultibyte(in bytes: Span<UInt8>) throws(JSONFault) {
        let lead = bytes[position]
        let (length, second): (Int, ClosedRange<UInt8>)
        switch lead {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw JSONFault(.invalidUTF8, at: position)
        }
        guard position + length <= end, second.contains(bytes[position + 1]) else {
            throw JSONFault(.invalidUTF8, at: position)
        }
        for index in 2..<max(length, 2) where bytes[position + index] & 0xC0 != 0x80 {
            throw JSONFault(.invalidUTF8, at: position)
        }
        position += length
    }
}

/// One bit for each open array (0) or object (1), `JSONCursor.depthMax` of them.
struct NestingLevels {
    private(set) var depth = 0
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    var isObject: Bool { low & 1 == 1 }

    @inline(__always)
    mutating func push(object: Bool, at offset: Int) throws(JSONFault) {
        guard depth < JSONCursor.depthMax else { throw JSONFault(.tooDeep, at: offset) }
        high = high << 1 | low >> 63
        low = low << 1 | (object ? 1 : 0)
        depth += 1
    }

    @inline(__always)
    mutating func pop() {
        low = low >> 1 | high << 63
        high >>= 1
        depth -= 1
    }
}
