/// What a string token says, against how it is spelled.
public enum JSONString {
    /// Decodes a validated token (with its quotes) into UTF-8.
    ///
    /// A surrogate without its other half has no UTF-8: it becomes U+FFFD, and the answer says so.
    /// - Returns: whether the token was proper Unicode throughout.
    @discardableResult
    public static func decode(
        _ token: Range<Int>, in bytes: Span<UInt8>, appendingTo output: inout [UInt8]
    ) -> Bool {
        var position = token.lowerBound + 1
        let end = token.upperBound - 1
        var isUnicode = true
        while position < end {
            let run = bytes.firstBackslash(in: position..<end) ?? end
            output.append(contentsOf: bytes, position..<run)
            position = run
            guard position < end else { break }
            let escape = bytes[position + 1]
            if escape == UInt8(ascii: "u") {
                isUnicode = appendUnit(in: bytes, &position, end, &output) && isUnicode
            } else {
                output.append(simpleEscape(escape))
                position += 2
            }
        }
        return isUnicode
    }

    /// Appends a token, with quotes, that says `text`; only what must be escaped is.
    public static func encode(_ text: Span<UInt8>, appendingTo output: inout [UInt8]) {
        output.append(JSONByte.quote)
        for index in 0..<text.count { appendEscaped(text[index], to: &output) }
        output.append(JSONByte.quote)
    }

    /// Appends a token, with quotes, that says `text`.
    public static func encode(_ text: String, appendingTo output: inout [UInt8]) {
        output.append(JSONByte.quote)
        for byte in text.utf8 { appendEscaped(byte, to: &output) }
        output.append(JSONByte.quote)
    }

    /// A token, with quotes, that says `text`.
    public static func token(_ text: String) -> String {
        var bytes: [UInt8] = []
        encode(text, appendingTo: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func appendEscaped(_ byte: UInt8, to output: inout [UInt8]) {
        switch byte {
        case JSONByte.quote, JSONByte.backslash: output += [JSONByte.backslash, byte]
        case 0x0A: output += [JSONByte.backslash, UInt8(ascii: "n")]
        case 0x0D: output += [JSONByte.backslash, UInt8(ascii: "r")]
        case 0x09: output += [JSONByte.backslash, UInt8(ascii: "t")]
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            output += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: output.append(byte)
        }
    }

    private static func simpleEscape(_ escape: UInt8) -> UInt8 {
        switch escape {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: escape
        }
    }

    /// Decodes `\uXXXX`, and the pair where it is the first half of one.
    private static func appendUnit(
        in bytes: Span<UInt8>, _ position: inout Int, _ end: Int, _ output: inout [UInt8]
    ) -> Bool {
        let unit = JSONByte.hexUnit(in: bytes, at: position + 2) ?? 0xFFFD
        position += 6
        if !UTF16.isSurrogate(unit) {
            append(scalar: UInt32(unit), to: &output)
            return true
        }
        if UTF16.isLeadSurrogate(unit), position + 6 <= end,
            bytes[position] == JSONByte.backslash, bytes[position + 1] == UInt8(ascii: "u"),
            let low = JSONByte.hexUnit(in: bytes, at: position + 2), UTF16.isTrailSurrogate(low)
        {
            position += 6
            append(scalar: 0x10000 + UInt32(unit & 0x3FF) << 10 + UInt32(low & 0x3FF), to: &output)
            return true
        }
        append(scalar: 0xFFFD, to: &output)
        return false
    }

    private static func append(scalar value: UInt32, to output: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(value) else { return }
        output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
