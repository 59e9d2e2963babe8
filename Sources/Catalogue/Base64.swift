internal import StrictJSON

/// Base64 of RFC 4648 section 4, with padding.
enum Base64 {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        var position = 0
        while position < bytes.count {
            let count = min(3, bytes.count - position)
            var group: UInt32 = 0
            for index in 0..<3 {
                group = group << 8 | (index < count ? UInt32(bytes[position + index]) : 0)
            }
            for index in 0..<4 {
                let letter = letters[Int(group >> UInt32(18 - 6 * index) & 63)]
                output.append(index <= count ? letter : UInt8(ascii: "="))
            }
            position += 3
        }
    }

    /// - Returns: nil where the text is not what `encode` writes.
    static func decode(
        _ text: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]
    ) -> Range<Int>? {
        guard range.count % 4 == 0 else { return nil }
        let start = output.count
        var position = range.lowerBound
        while position < range.upperBound {
            guard
                append(text, position, isLast: position + 4 == range.upperBound, to: &output)
            else {
                output.removeSubrange(start...)
                return nil
            }
            position += 4
        }
        return start..<output.count
    }

    /// Appends the one to three bytes of four letters.
    private static func append(
        _ text: Span<UInt8>, _ position: Int, isLast: Bool, to output: inout [UInt8]
    ) -> Bool {
        let pad = UInt8(ascii: "=")
        let missing = text[position + 3] != pad ? 0 : text[position + 2] != pad ? 1 : 2
        guard missing == 0 || isLast else { return false }
        var group: UInt32 = 0
        for index in 0..<4 - missing {
            guard let value = value(text[position + index]) else { return false }
            group |= value << UInt32(18 - 6 * index)
        }
        // Bits that no byte takes must be zero, so that a BLOB has one spelling.
        guard missing == 0 || group & (missing == 1 ? 0xFF : 0xFFFF) == 0 else { return false }
        for index in 0..<3 - missing {
            output.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * index)))
        }
        return true
    }

    private static func value(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a") + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0") + 52)
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
