/// Why a text is no series' canonical text.
public enum SeriesKeyFault: String, Error, Sendable {
    case metricName = "not a metric's name"
    /// Not an object of strings in the order of its keys, spelled as `appendCanonical` spells it.
    case tags = "not canonical tags"
}

extension SeriesKey {
    /// Appends `tool.calls{"source_app":"web","tool":"Bash"}`: the same bytes for the same series.
    public func appendCanonical(to output: inout [UInt8]) {
        output += metric.utf8
        output.append(UInt8(ascii: "{"))
        for (place, tag) in tags.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            output.append(jsonString: tag.key)
            output.append(UInt8(ascii: ":"))
            output.append(jsonString: tag.value)
        }
        output.append(UInt8(ascii: "}"))
    }

    public var canonical: [UInt8] {
        var bytes: [UInt8] = []
        appendCanonical(to: &bytes)
        return bytes
    }

    /// Reads what `appendCanonical` writes, and no other spelling of it.
    public init(canonical text: Span<UInt8>) throws(SeriesKeyFault) {
        let nameLength = Self.nameLength(text)
        guard MetricName.isValid(text.extracting(0..<nameLength)) else { throw .metricName }
        var reader = TagReader(position: nameLength)
        guard let tags = reader.readTags(text) else { throw .tags }
        self.init(metric: TagReader.string(text, 0..<nameLength), tags: tags)
        let again = canonical
        guard again.count == text.count else { throw .tags }
        for index in again.indices where again[index] != text[index] { throw .tags }
    }

    /// Bytes before the tags of a canonical text.
    public static func nameLength(_ text: Span<UInt8>) -> Int {
        for index in 0..<text.count where text[index] == UInt8(ascii: "{") { return index }
        return text.count
    }
}

extension SeriesKey: CustomStringConvertible {
    public var description: String { String(decoding: canonical, as: UTF8.self) }
}

extension [UInt8] {
    /// Appends a JSON string; only what must be escaped is, exactly as `StrictJSON` does it.
    fileprivate mutating func append(jsonString text: String) {
        append(UInt8(ascii: "\""))
        for byte in text.utf8 { append(escaped: byte) }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): self += [UInt8(ascii: "\\"), byte]
        case 0x0A: self += Array("\\n".utf8)
        case 0x0D: self += Array("\\r".utf8)
        case 0x09: self += Array("\\t".utf8)
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            self += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: append(byte)
        }
    }
}

/// Reads an object of strings. It may take more than the canonical spelling; what it has read is
/// spelled again and compared.
private struct TagReader {
    var position: Int

    mutating func readTags(_ text: Span<UInt8>) -> [SeriesKey.Tag]? {
        guard take("{", text) else { return nil }
        var tags: [SeriesKey.Tag] = []
        while !take("}", text) {
            guard tags.isEmpty || take(",", text), let key = readString(text), take(":", text),
                let value = readString(text)
            else { return nil }
            tags.append(SeriesKey.Tag(key, value))
        }
        return position == text.count ? tags : nil
    }

    static func string(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
        String(decoding: range.map { text[$0] }, as: UTF8.self)
    }

    private mutating func take(_ letter: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: letter) else { return false }
        position += 1
        return true
    }

    private mutating func readString(_ text: Span<UInt8>) -> String? {
        guard take("\"", text) else { return nil }
        var bytes: [UInt8] = []
        while !take("\"", text) {
            guard position < text.count, let byte = readByte(text) else { return nil }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func readByte(_ text: Span<UInt8>) -> UInt8? {
        guard take("\\", text) else {
            position += 1
            return text[position - 1]
        }
        guard position < text.count else { return nil }
        position += 1
        switch text[position - 1] {
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): return readUnit(text)
        case let byte: return byte
        }
    }

    /// The rest of `\u001f`: only control characters are spelled so.
    private mutating func readUnit(_ text: Span<UInt8>) -> UInt8? {
        guard position + 4 <= text.count else { return nil }
        position += 4
        return UInt8(Self.string(text, position - 2..<position), radix: 16)
    }
}
