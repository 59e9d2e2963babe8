/// The bytes that JSON's grammar is made of.
enum JSONByte {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")

    @inline(__always)
    static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// The UTF-16 code unit that four hexadecimal digits stand for.
    static func hexUnit(in bytes: Span<UInt8>, at start: Int) -> UInt16? {
        var unit: UInt16 = 0
        for index in start..<(start + 4) {
            guard let digit = hexDigit(bytes[index]) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension Span<UInt8> {
    public func firstLineFeed(in range: Range<Int>) -> Int? { first(0x0A, in: range) }

    /// The last line feed.
    public func lastLineFeed(in range: Range<Int>) -> Int? {
        var position = range.upperBound
        while position > range.lowerBound {
            position &-= 1
            if self[position] == 0x0A { return position }
        }
        return nil
    }

    func firstBackslash(in range: Range<Int>) -> Int? { first(JSONByte.backslash, in: range) }

    /// Looks at eight bytes at a time (Mycroft's test).
    @inline(__always)
    private func first(_ byte: UInt8, in range: Range<Int>) -> Int? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var position = range.lowerBound
        while position &+ 8 <= range.upperBound {
            let word = littleEndianWord(at: position) ^ (ones &* UInt64(byte))
            let hits = (word &- ones) & ~word & (ones &* 0x80)
            if hits != 0 { return position &+ hits.trailingZeroBitCount &>> 3 }
            position &+= 8
        }
        while position < range.upperBound {
            if self[position] == byte { return position }
            position &+= 1
        }
        return nil
    }

    /// Eight bytes, the first in the lowest place. Any eight bytes are a valid integer, and the
    /// span checks its bounds, so this is safe.
    @inlinable @inline(__always)
    public func littleEndianWord(at offset: Int) -> UInt64 {
        let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return UInt64(littleEndian: word)
    }
}
