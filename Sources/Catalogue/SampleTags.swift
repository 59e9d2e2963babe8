internal import StrictJSON

/// Gathers the tags of a sample in any order and writes them as canonical JSON.
///
///     host=b,cpu=0  ─►  {"cpu":"0","host":"b"}
///
/// A tag without a value says nothing and is left out. Its buffers are reused.
struct SampleTags: Sendable {
    struct Tag: Sendable {
        let key: Range<Int>
        let value: Range<Int>
    }

    /// What keys and values say, one after the other.
    var bytes: [UInt8] = []
    private(set) var tags: [Tag] = []

    var count: Int { tags.count }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        tags.removeAll(keepingCapacity: true)
    }

    /// Adds a tag whose key and value were appended to `bytes`.
    mutating func add(key: Range<Int>, value: Range<Int>) {
        tags.append(Tag(key: key, value: value))
    }

    /// Brings the tags into the order of their keys. There are few, and most senders sort them already.
    /// - Returns: whether a key stands twice.
    mutating func sort() -> Bool {
        var hasTwins = false
        for index in tags.indices.dropFirst() {
            var place = index
            while place > 0, bytes.span.isLess(tags[place].key, than: tags[place - 1].key) {
                tags.swapAt(place, place - 1)
                place -= 1
            }
            hasTwins = hasTwins || place > 0 && isTwin(place)
        }
        return hasTwins
    }

    /// Whether the tag before has the same key.
    private func isTwin(_ place: Int) -> Bool {
        bytes.span.isEqual(tags[place - 1].key, to: bytes.span, tags[place].key)
    }

    /// Appends the sorted tags as an object; of two with the same key the one that came later.
    func appendCanonical(to output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        var isFirst = true
        for place in tags.indices where !tags[place].value.isEmpty {
            if place + 1 < tags.count, isTwin(place + 1) { continue }
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            bytes.span.appendJSONString(tags[place].key, to: &output)
            output.append(UInt8(ascii: ":"))
            bytes.span.appendJSONString(tags[place].value, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }
}

extension SampleTags {
    /// Whether samples may have a tag of this key: a letter or `_`, then letters, digits and `_ . -`.
    static func isKey(_ key: Span<UInt8>) -> Bool {
        guard (1...UserCatalogue.tagKeyBytesMax).contains(key.count) else { return false }
        for index in 0..<key.count where !isKeyByte(key[index], isFirst: index == 0) {
            return false
        }
        return true
    }

    static func isKey(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        return isKey(bytes.span)
    }

    static func isKeyByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        if byte == UInt8(ascii: "_") || (byte | 0x20) &- UInt8(ascii: "a") < 26 { return true }
        let isDigit = byte &- UInt8(ascii: "0") < 10
        return !isFirst && (isDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-"))
    }
}

extension Span<UInt8> {
    /// Appends a token that says what stands here, in one copy where nothing must be escaped.
    func appendJSONString(_ range: Range<Int>, to output: inout [UInt8]) {
        if mustBeEscaped(range) {
            JSONString.encode(extracting(range), appendingTo: &output)
        } else {
            output.append(UInt8(ascii: "\""))
            output.append(contentsOf: self, range)
            output.append(UInt8(ascii: "\""))
        }
    }

    private func mustBeEscaped(_ range: Range<Int>) -> Bool {
        for index in range {
            let byte = self[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                return true
            }
        }
        return false
    }
}
