extension JSONCursor {
    /// Moves over a string token whose opening quote is the next byte.
    public mutating func skipString(in bytes: Span<UInt8>) throws(JSONFault) {
        position += 1
        while true {
            skipPlain(in: bytes)
            guard position < end else { throw fault(.unexpectedEnd, at: position) }
            let byte = bytes[position]
            if byte == JSONByte.quote {
                position += 1
                return
            } else if byte == JSONByte.backslash {
                try skipEscape(in: bytes)
            } else if byte >= 0x80 {
                try skipMultibyte(in: bytes)
            } else if byte < 0x20 {
                throw fault(.controlCharacter, at: position)
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
        guard position + 1 < end else { throw fault(.unexpectedEnd, at: end) }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            guard position + 6 <= end else { throw fault(.unexpectedEnd, at: end) }
            guard let unit = JSONByte.hexUnit(in: bytes, at: position + 2) else {
                throw fault(.invalidEscape, at: start)
            }
            sawEscapedASCII = sawEscapedASCII || (0x20..<0x7F).contains(unit)
            position += 6
        default: throw fault(.invalidEscape, at: start)
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
        default: throw fault(.invalidUTF8, at: position)
        }
        guard position + length <= end, second.contains(bytes[position + 1]) else {
            throw fault(.invalidUTF8, at: position)
        }
        for index in 2..<max(length, 2) where bytes[position + index] & 0xC0 != 0x80 {
            throw fault(.invalidUTF8, at: position)
        }
        position += length
    }
}
