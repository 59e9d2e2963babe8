internal import StrictJSON

/// One line of line protocol, taken apart.
///
///     cpu,host=a,cpu=cpu0 usage_user=12.5,usage_idle=80i 1732500000000000000
///     ╰─╯ ╰───tags──────╯ ╰──────────fields────────────╯ ╰────timestamp────╯
///
/// A backslash takes the meaning from a comma, equals sign or space after it; before any other byte it
/// is a backslash. Its buffers are reused.
struct InfluxLine: Sendable {
    /// A stretch of text, with its backslashes.
    struct Text: Sendable {
        let range: Range<Int>
        let hasBackslash: Bool
    }

    struct Tag: Sendable {
        let key, value: Text
    }

    struct Field: Sendable {
        let key: Text
        /// With its quotes where it is a string.
        let value: Range<Int>
        let isString: Bool
    }

    enum Outcome {
        case line
        /// Blank, or a comment.
        case nothing
        /// A string that begins on this line does not end on it.
        case openString
        case fault(StaticString)
    }

    private(set) var measurement = Text(range: 0..<0, hasBackslash: false)
    private(set) var tags: [Tag] = []
    /// Measurement and tags.
    private(set) var head = 0..<0
    private(set) var fields: [Field] = []
    /// Empty where there is none.
    private(set) var timestamp = 0..<0

    private var position = 0
    private var end = 0

    /// - Parameter range: the line without its line feed.
    mutating func read(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Outcome {
        (position, end) = (range.lowerBound, range.upperBound)
        if end > position, bytes[end - 1] == 0x0D { end -= 1 }
        tags.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        timestamp = 0..<0
        skipSpaces(bytes)
        guard position < end, bytes[position] != UInt8(ascii: "#") else { return .nothing }
        measurement = readText(bytes, stops: .commaOrSpace)
        guard !measurement.range.isEmpty else { return .fault("has no measurement") }
        while take(UInt8(ascii: ","), bytes) {
            guard readTag(bytes) else { return .fault("a tag must be key=value") }
        }
        head = measurement.range.lowerBound..<position
        skipSpaces(bytes)
        guard position < end else { return .fault("has no fields") }
        if let outcome = readFields(bytes) { return outcome }
        return readTimestamp(bytes) ? .line : .fault("has more after its timestamp")
    }

    private mutating func readTag(_ bytes: Span<UInt8>) -> Bool {
        let key = readText(bytes, stops: .equals)
        guard !key.range.isEmpty, take(UInt8(ascii: "="), bytes) else { return false }
        let value = readText(bytes, stops: .commaOrSpace)
        guard !value.range.isEmpty else { return false }
        tags.append(Tag(key: key, value: value))
        return true
    }

    /// - Returns: nil where all is well.
    private mutating func readFields(_ bytes: Span<UInt8>) -> Outcome? {
        repeat {
            let key = readText(bytes, stops: .equals)
            guard !key.range.isEmpty, take(UInt8(ascii: "="), bytes) else {
                return .fault("a field must be key=value")
            }
            let start = position
            let isString = position < end && bytes[position] == UInt8(ascii: "\"")
            if isString {
                guard skipString(bytes) else { return .openString }
                guard position == end || isSeparator(bytes[position]) else {
                    return .fault("has more after a string's closing quote")
                }
            } else {
                while position < end, !isSeparator(bytes[position]) { position &+= 1 }
                guard position > start else { return .fault("a field must be key=value") }
            }
            fields.append(Field(key: key, value: start..<position, isString: isString))
        } while take(UInt8(ascii: ","), bytes)
        return nil
    }

    private mutating func readTimestamp(_ bytes: Span<UInt8>) -> Bool {
        skipSpaces(bytes)
        let start = position
        while position < end, !isSpace(bytes[position]) { position &+= 1 }
        timestamp = start..<position
        skipSpaces(bytes)
        return position == end
    }
}

// MARK: Bytes

extension InfluxLine {
    private enum Stops {
        case commaOrSpace, equals
    }

    /// Up to the byte that ends it, which is not consumed. A key has no bare comma or space either.
    @inline(__always)
    private mutating func readText(_ bytes: Span<UInt8>, stops: Stops) -> Text {
        let start = position
        var hasBackslash = false
        while position < end {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\\") {
                hasBackslash = true
                let next = position &+ 1
                if next < end, InfluxText.isEscaped(bytes[next]) { position = next }
            } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: " ")
                || stops == .equals && byte == UInt8(ascii: "=")
            {
                break
            }
            position &+= 1
        }
        return Text(range: start..<position, hasBackslash: hasBackslash)
    }

    /// - Returns: false where the string does not end.
    private mutating func skipString(_ bytes: Span<UInt8>) -> Bool {
        position &+= 1
        while position < end {
            let byte = bytes[position]
            position &+= 1
            if byte == UInt8(ascii: "\"") { return true }
            if byte == UInt8(ascii: "\\"), position < end,
                InfluxText.isEscapedInString(bytes[position])
            {
                position &+= 1
            }
        }
        return false
    }

    private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        guard position < end, bytes[position] == byte else { return false }
        position &+= 1
        return true
    }

    private mutating func skipSpaces(_ bytes: Span<UInt8>) {
        while position < end, isSpace(bytes[position]) { position &+= 1 }
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: " ")
    }
}

/// The escapes of line protocol.
enum InfluxText {
    static func isEscaped(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: " ")
    }

    static func isEscapedInString(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Appends what a text says.
    static func append(
        _ text: InfluxLine.Text, of bytes: Span<UInt8>, to output: inout [UInt8]
    ) {
        guard text.hasBackslash else { return output.append(contentsOf: bytes, text.range) }
        var position = text.range.lowerBound
        while position < text.range.upperBound {
            let next = position + 1
            if bytes[position] == UInt8(ascii: "\\"), next < text.range.upperBound,
                isEscaped(bytes[next])
            {
                position = next
            }
            output.append(bytes[position])
            position += 1
        }
    }

    /// Where a line ends that has a string with line feeds in it: the first line feed outside of the
    /// strings of its fields.
    /// - Returns: nil where there is none.
    static func lineEnd(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var isInFields = false
        var isInString = false
        var last: UInt8 = 0
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = bytes[position]
            let next = position + 1 < range.upperBound ? bytes[position + 1] : 0
            if byte == UInt8(ascii: "\\"), isInString ? isEscapedInString(next) : isEscaped(next) {
                position += 1
            } else if byte == 0x0A, !isInString {
                return position
            } else if byte == UInt8(ascii: " "), last != 0 {
                isInFields = true
            } else if byte == UInt8(ascii: "\""), isInFields {
                isInString = isInString ? false : last == UInt8(ascii: "=")
            }
            if byte != UInt8(ascii: " ") { last = byte }
            position += 1
        }
        return nil
    }
}
