internal import StrictJSON
internal import TimeSeries

/// Writes canonical series keys from the tokens of a line, and what tokens say into hashes.
///
/// A token without escapes is canonical as it stands; one with escapes is decoded and spelled again. A
/// value longer than `valueBytesMax` is cut at a character, and a tag without a value is left out.
struct SeriesKeyWriter: Sendable {
    /// Bytes of a tag's value, as UTF-8.
    static let valueBytesMax = 256

    private var decoded: [UInt8] = []

    /// Appends `{"source_app":"web","tool":"Bash"}`, or what there is of it.
    /// - Parameters:
    ///   - second: `,"tool":`
    ///   - other: the other tag's value; empty where there is none.
    @inline(__always)
    mutating func appendTags(
        sourceApp: Range<Int>, second: StaticString, _ other: Range<Int>,
        _ line: Span<UInt8>, to keys: inout [UInt8]
    ) {
        let start = keys.count
        if sourceApp.count > 2 {
            keys.append(text: "{\"source_app\":")
            appendValue(sourceApp, line, to: &keys)
        }
        if other.count > 2 {
            let place = keys.count
            keys.append(text: second)
            if place == start { keys[place] = UInt8(ascii: "{") }
            appendValue(other, line, to: &keys)
        }
        if keys.count == start { keys.append(UInt8(ascii: "{")) }
        keys.append(UInt8(ascii: "}"))
    }

    /// Appends a string token in its canonical spelling.
    @inline(__always)
    mutating func appendValue(
        _ token: Range<Int>, _ line: Span<UInt8>, to keys: inout [UInt8]
    ) {
        if token.count <= Self.valueBytesMax + 2, !line.hasBackslash(in: token) {
            keys.append(contentsOf: line, token)
        } else {
            appendSpelledAgain(token, line, to: &keys)
        }
    }

    /// Appends a number or literal as a string.
    func appendBare(_ token: Range<Int>, _ line: Span<UInt8>, to keys: inout [UInt8]) {
        keys.append(UInt8(ascii: "\""))
        keys.append(contentsOf: line, token.prefix(Self.valueBytesMax))
        keys.append(UInt8(ascii: "\""))
    }

    private mutating func appendSpelledAgain(
        _ token: Range<Int>, _ line: Span<UInt8>, to keys: inout [UInt8]
    ) {
        decoded.removeAll(keepingCapacity: true)
        JSONString.decode(token, in: line, appendingTo: &decoded)
        decoded.cut(toBytes: Self.valueBytesMax)
        JSONString.encode(decoded.span, appendingTo: &keys)
    }
}

extension Span<UInt8> {
    /// Whether a stretch has a backslash, looked for eight bytes at a time (Mycroft's test).
    @inline(__always)
    func hasBackslash(in range: Range<Int>) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var position = range.lowerBound
        while position &+ 8 <= range.upperBound {
            let word = littleEndianWord(at: position) ^ (ones &* UInt64(UInt8(ascii: "\\")))
            if (word &- ones) & ~word & (ones &* 0x80) != 0 { return true }
            position &+= 8
        }
        while position < range.upperBound {
            if self[position] == UInt8(ascii: "\\") { return true }
            position &+= 1
        }
        return false
    }
}

extension [UInt8] {
    /// Cuts UTF-8 to so many bytes at most, at the end of a character's encoding.
    mutating func cut(toBytes bytesMax: Int) {
        guard count > bytesMax else { return }
        var end = bytesMax
        while end > 0, self[end] & 0xC0 == 0x80 { end -= 1 }
        removeSubrange(end...)
    }
}
