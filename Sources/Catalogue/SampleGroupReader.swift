internal import StrictJSON
internal import TimeSeries

/// Reads the groups of a line of samples, in the order in which `SampleLines` writes their members.
///
/// Whatever is read otherwise is damage: nothing is searched for, nothing is guessed.
struct SampleGroupReader {
    /// The head of a group; its points follow.
    struct Group {
        let metric: Range<Int>
        let kind: MetricKind
        let unit: Range<Int>
        let isCumulative: Bool
        /// The tags' object.
        let tags: Range<Int>
        /// Whether the object is canonical as it stands.
        let isCanonical: Bool
    }

    enum Value {
        case number(Range<Int>)
        case aggregate(Aggregate)
    }

    /// Tokens of samples that were added up.
    struct Aggregate {
        let count, sum, min, max, last: Range<Int>
        /// Base64; empty where there is none.
        let sketch: Range<Int>
    }

    var position: Int
    private let end: Int

    /// - Returns: nil where no samples begin here.
    init?(_ line: Span<UInt8>, at position: Int) {
        guard line.has(",\"samples\":[", at: position) else { return nil }
        self.position = position + 12
        end = line.count
    }

    /// Whether what was expected stands here; it is moved over then.
    @inline(__always)
    mutating func take(_ literal: StaticString, _ line: Span<UInt8>) -> Bool {
        guard line.has(literal, at: position) else { return false }
        position &+= literal.utf8CodeUnitCount
        return true
    }

    /// All that may follow the last group.
    mutating func takeEnd(_ line: Span<UInt8>) -> Bool {
        take("]", line) && line.ends(at: position)
    }

    // MARK: The head

    mutating func readHead(_ line: Span<UInt8>) -> Group? {
        guard take("{\"metric\":\"", line), let metric = readPlain(line),
            take(",\"kind\":\"", line), let kind = readKind(line)
        else { return nil }
        var unit = 0..<0
        if take(",\"unit\":\"", line) {
            guard let text = readPlain(line) else { return nil }
            unit = text
        }
        let isCumulative = take(",\"temporality\":\"cumulative\"", line)
        guard take(",\"tags\":", line) else { return nil }
        let start = position
        guard let isCanonical = skipTags(line) else { return nil }
        let tags = start..<position
        guard take(",\"points\":[", line) else { return nil }
        return Group(
            metric: metric, kind: kind, unit: unit, isCumulative: isCumulative, tags: tags,
            isCanonical: isCanonical)
    }

    private mutating func readKind(_ line: Span<UInt8>) -> MetricKind? {
        if take("gauge\"", line) { return .gauge }
        if take("counter\"", line) { return .counter }
        return take("distribution\"", line) ? .distribution : nil
    }

    /// Printable ASCII without escapes, up to and over its closing quote.
    @inline(__always)
    private mutating func readPlain(_ line: Span<UInt8>) -> Range<Int>? {
        let start = position
        while position < end {
            let byte = line[position]
            position &+= 1
            if byte == UInt8(ascii: "\"") { return start..<position &- 1 }
            guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return nil }
        }
        return nil
    }

    /// - Returns: whether the tags are canonical as they stand; nil where they are damaged.
    private mutating func skipTags(_ line: Span<UInt8>) -> Bool? {
        let start = position
        if skipPlainTags(line) { return true }
        var cursor = JSONCursor(start..<end)
        guard start < end, line[start] == UInt8(ascii: "{"),
            (try? cursor.skipValue(in: line)) != nil
        else { return nil }
        position = cursor.position
        return false
    }

    /// Tags of plain text in the order of their keys, as nearly all are.
    private mutating func skipPlainTags(_ line: Span<UInt8>) -> Bool {
        guard take("{", line) else { return false }
        if take("}", line) { return true }
        var last = 0..<0
        while take("\"", line) {
            guard let key = readPlain(line), last.isEmpty || line.isLess(last, than: key),
                take(":\"", line), let value = readPlain(line), !value.isEmpty
            else { return false }
            if take("}", line) { return true }
            guard take(",", line) else { return false }
            last = key
        }
        return false
    }

    // MARK: Points

    /// - Returns: when, and what.
    mutating func readPoint(_ line: Span<UInt8>) -> (time: Timestamp, value: Value)? {
        guard take("[", line), let time = readTime(line), take(",", line) else { return nil }
        let value: Value
        if position < end, line[position] == UInt8(ascii: "{") {
            guard let aggregate = readAggregate(line) else { return nil }
            value = .aggregate(aggregate)
        } else {
            value = .number(readNumber(line))
        }
        return take("]", line) ? (time, value) : nil
    }

    private mutating func readTime(_ line: Span<UInt8>) -> Timestamp? {
        let isNegative = take("-", line)
        var value: Int64 = 0
        let start = position
        while position < end, line[position] &- UInt8(ascii: "0") < 10 {
            // Far beyond the year 9999.
            guard value < 1 << 52 else { return nil }
            value = value &* 10 &+ Int64(line[position] & 15)
            position &+= 1
        }
        let time = Timestamp(milliseconds: isNegative ? -value : value)
        return position > start && Timestamp.representable.contains(time) ? time : nil
    }

    /// The bytes that a number may have; whether they are one is found when it is converted.
    @inline(__always)
    private mutating func readNumber(_ line: Span<UInt8>) -> Range<Int> {
        let start = position
        while position < end {
            let byte = line[position]
            guard
                byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: ".")
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
                    || byte | 0x20 == UInt8(ascii: "e")
            else { break }
            position &+= 1
        }
        return start..<position
    }

    private mutating func readAggregate(_ line: Span<UInt8>) -> Aggregate? {
        guard take("{\"count\":", line) else { return nil }
        let count = readNumber(line)
        guard take(",\"sum\":", line) else { return nil }
        let sum = readNumber(line)
        guard take(",\"min\":", line) else { return nil }
        let min = readNumber(line)
        guard take(",\"max\":", line) else { return nil }
        let max = readNumber(line)
        guard take(",\"last\":", line) else { return nil }
        let last = readNumber(line)
        var sketch = 0..<0
        if take(",\"sketch\":\"", line) {
            guard let text = readPlain(line) else { return nil }
            sketch = text
        }
        guard take("}", line) else { return nil }
        return Aggregate(count: count, sum: sum, min: min, max: max, last: last, sketch: sketch)
    }
}
