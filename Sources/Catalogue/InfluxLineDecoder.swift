internal import StrictJSON
public import TimeSeries

/// Line protocol, as Telegraf and InfluxDB's clients send it → lines for the log. One for each request.
///
///     cpu,host=a usage_user=12.5,up=true 1732500000000000000
///     ─► cpu.usage_user{"host":"a"} 12.5   and   cpu.up{"host":"a"} 1, gauges both
///
/// - Field `f` of measurement `m` is the metric `m.f`; what a metric's name may not have becomes `_`, and
///   so it is with the keys of tags. Of two tags with one key the later one counts.
/// - Floats, integers and booleans are samples; strings are passed over and counted.
/// - A line that cannot be read is refused as a whole, a field whose number cannot be taken alone.
/// - A string may hold line feeds, as InfluxDB has it.
public struct InfluxLineDecoder: Sendable {
    public private(set) var verdicts = SampleVerdicts()
    private let limits: SampleLimits
    private let time: SampleTime
    private let precision: InfluxPrecision
    private var known: KnownMetrics
    private var splitter: LineSplitter
    private var lineNumber = 0
    // Reused for each line.
    private var line = InfluxLine()
    private var name: [UInt8] = []
    private var tags = SampleTags()
    private var tagText: [UInt8] = []
    private var numbers: [UInt8] = []

    /// - Parameter metrics: those that the folds know.
    public init(
        limits: SampleLimits = SampleLimits(), metrics: MetricTable, now: Timestamp,
        precision: InfluxPrecision = .nanoseconds
    ) {
        self.limits = limits
        self.precision = precision
        splitter = LineSplitter(bytesMax: limits.sampleBytesMax)
        time = SampleTime(now: now, aheadMillisecondsMax: limits.timestampAheadMillisecondsMax)
        known = KnownMetrics(metrics, metricsMax: limits.metricsMax)
    }

    /// Takes the whole lines of a stretch of the body.
    /// - Parameter isEnd: whether the body ends with the stretch, and so its last line too.
    /// - Returns: how many bytes were taken; the rest is the beginning of a line.
    public mutating func decode(
        _ bytes: Span<UInt8>, isEnd: Bool, into lines: inout SampleLines
    ) -> Int {
        var start = 0
        while true {
            switch splitter.next(bytes, from: start, isEnd: isEnd) {
            case .rest(let rest): return rest
            case .tooLong(let next):
                lineNumber += 1
                reject(tooLong)
                start = next
            case .line(let range, _):
                guard let next = decodeLine(bytes, range, isEnd: isEnd, into: &lines) else {
                    return start
                }
                start = min(next, bytes.count)
            }
        }
    }

    private var tooLong: SampleFault {
        SampleFault(.lineTooLong, "longer than \(limits.sampleBytesMax) bytes")
    }

    private mutating func reject(_ fault: SampleFault) {
        verdicts.reject(fault, line: lineNumber)
    }
}

// MARK: Lines

extension InfluxLineDecoder {
    /// - Returns: where the next line begins; nil where this one has not come to its end.
    private mutating func decodeLine(
        _ bytes: Span<UInt8>, _ range: Range<Int>, isEnd: Bool, into lines: inout SampleLines
    ) -> Int? {
        lineNumber += 1
        let outcome = line.read(bytes, range)
        guard case .openString = outcome else {
            take(outcome, bytes, range, into: &lines)
            return range.upperBound + 1
        }
        let reachMax = range.lowerBound + limits.sampleBytesMax + 1
        let reach = range.lowerBound..<min(bytes.count, reachMax)
        let end = InfluxText.lineEnd(bytes, reach) ?? (isEnd ? reach.upperBound : nil)
        if end == nil, reach.count <= limits.sampleBytesMax {
            lineNumber -= 1
            return nil
        }
        return decodeStrings(bytes, range, end ?? range.upperBound, into: &lines)
    }

    /// A line whose strings hold line feeds. Where it cannot be read, only its first line is lost.
    private mutating func decodeStrings(
        _ bytes: Span<UInt8>, _ first: Range<Int>, _ end: Int, into lines: inout SampleLines
    ) -> Int {
        let whole = first.lowerBound..<end
        let outcome = line.read(bytes, whole)
        guard case .line = outcome else {
            take(outcome, bytes, first, into: &lines)
            return first.upperBound + 1
        }
        take(outcome, bytes, whole, into: &lines)
        lineNumber += bytes.lineFeeds(in: whole)
        return whole.upperBound + 1
    }

    private mutating func take(
        _ outcome: InfluxLine.Outcome, _ bytes: Span<UInt8>, _ range: Range<Int>,
        into lines: inout SampleLines
    ) {
        do throws(SampleFault) {
            switch outcome {
            case .nothing: return
            case .openString: throw SampleFault(.invalidLine, "a string has no end")
            case .fault(let message): throw SampleFault(.invalidLine, "\(message)")
            case .line: break
            }
            guard range.count <= limits.sampleBytesMax else {
                throw tooLong
            }
            let time = try timestamp(bytes)
            try readTags(bytes)
            readMeasurement(bytes)
            for index in line.fields.indices { take(line.fields[index], bytes, time, into: &lines) }
        } catch {
            reject(error)
        }
    }

    private func timestamp(_ bytes: Span<UInt8>) throws(SampleFault) -> Timestamp {
        let token = line.timestamp
        if token.isEmpty { return time.now }
        guard let value = bytes.integer(token), let moment = precision.timestamp(value) else {
            throw SampleFault(
                .invalidTimestamp, field: "timestamp", "must be a whole number of the precision's")
        }
        try time.check(moment)
        return moment
    }
}

// MARK: Names and tags

extension InfluxLineDecoder {
    private mutating func readTags(_ bytes: Span<UInt8>) throws(SampleFault) {
        tags.removeAll()
        tagText.removeAll(keepingCapacity: true)
        guard line.tags.count <= limits.tagsMax else {
            throw SampleFault(.tooManyTags, field: "tags", "more than \(limits.tagsMax)")
        }
        for index in line.tags.indices { try addTag(line.tags[index], bytes) }
        _ = tags.sort()
        tags.appendCanonical(to: &tagText)
        if tags.bytes.span.hasHighByte(in: 0..<tags.bytes.count) { try checkText() }
    }

    private mutating func addTag(
        _ tag: InfluxLine.Tag, _ bytes: Span<UInt8>
    ) throws(SampleFault) {
        let start = tags.bytes.count
        tags.bytes.append(name: tag.key, of: bytes) { SampleTags.isKeyByte($0, isFirst: $1) }
        let middle = tags.bytes.count
        InfluxText.append(tag.value, of: bytes, to: &tags.bytes)
        guard middle - start <= limits.tagKeyBytesMax,
            tags.bytes.count - middle <= limits.tagValueBytesMax
        else {
            throw SampleFault(
                .fieldTooLong, field: "tags",
                "a key is longer than \(limits.tagKeyBytesMax) bytes, or a value than "
                    + "\(limits.tagValueBytesMax)")
        }
        tags.add(key: start..<middle, value: middle..<tags.bytes.count)
    }

    /// The bytes of a tag's value come from outside and must be UTF-8.
    private func checkText() throws(SampleFault) {
        var cursor = JSONCursor(0..<tagText.count)
        guard (try? cursor.skipValue(in: tagText.span)) != nil else {
            throw SampleFault(.invalidField, field: "tags", "must be UTF-8")
        }
    }

    /// Begins the name of each field's metric: `cpu.`
    private mutating func readMeasurement(_ bytes: Span<UInt8>) {
        name.removeAll(keepingCapacity: true)
        name.append(name: line.measurement, of: bytes, isAllowed: Self.isNameByte)
        name.append(UInt8(ascii: "."))
    }

    private static func isNameByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        SampleTags.isKeyByte(byte, isFirst: isFirst)
            || !isFirst && (byte == UInt8(ascii: ":") || byte == UInt8(ascii: "/"))
    }
}

// MARK: Fields

extension InfluxLineDecoder {
    private mutating func take(
        _ field: InfluxLine.Field, _ bytes: Span<UInt8>, _ time: Timestamp,
        into lines: inout SampleLines
    ) {
        if field.isString {
            verdicts.skippedStrings += 1
            return
        }
        let prefix = name.count
        name.append(name: field.key, of: bytes) { byte, _ in Self.isNameByte(byte, isFirst: false) }
        defer { name.removeSubrange(prefix...) }
        do throws(SampleFault) {
            try append(field, bytes, time, into: &lines)
            verdicts.accepted += 1
        } catch {
            let fieldName = SampleFault.name(name.span.extracting(prefix..<name.count))
            reject(SampleFault(error.code, field: fieldName, error.message))
        }
    }

    private mutating func append(
        _ field: InfluxLine.Field, _ bytes: Span<UInt8>, _ time: Timestamp,
        into lines: inout SampleLines
    ) throws(SampleFault) {
        guard name.count <= MetricName.bytesMax else {
            throw SampleFault(
                .fieldTooLong, "the metric's name has more than \(MetricName.bytesMax) bytes")
        }
        numbers.removeAll(keepingCapacity: true)
        switch InfluxNumber.read(bytes, field.value, respelling: &numbers) {
        case .plain(let range):
            try check(bytes, range)
            try known.check(name, .gauge)
            append(bytes.extracting(range), time, into: &lines)
        case .respelled(let range):
            try check(numbers.span, range)
            try known.check(name, .gauge)
            append(numbers.span.extracting(range), time, into: &lines)
        case .notFinite: throw SampleFault(.valueNotFinite, "must be finite")
        case .outOfRange: throw SampleFault(.valueOutOfRange, "is no 64-bit number")
        case .notANumber:
            throw SampleFault(.invalidField, "must be a number, a boolean or a quoted string")
        }
    }

    private func check(_ bytes: Span<UInt8>, _ number: Range<Int>) throws(SampleFault) {
        // So few bytes without an exponent are in range at every scale.
        guard number.count > 16 || bytes.hasExponent(in: number) else { return }
        let scale = known.scale(of: name.span)
        guard (try? Quantity(decimal: bytes, range: number, scale: scale)) != nil else {
            throw SampleFault(.valueOutOfRange, "is too large")
        }
    }

    private func append(
        _ number: Span<UInt8>, _ time: Timestamp, into lines: inout SampleLines
    ) {
        lines.append(
            name.span, .gauge, isCumulative: false, unit: Span(), tags: tagText.span, time,
            number: number)
    }

}

// MARK: Bytes

extension [UInt8] {
    /// Appends a name, with `_` for each character that it may not have. A character that it may only
    /// not begin with stays, after a `_`.
    fileprivate mutating func append(
        name text: InfluxLine.Text, of bytes: Span<UInt8>,
        isAllowed: (_ byte: UInt8, _ isFirst: Bool) -> Bool
    ) {
        let start = count
        for index in text.range {
            let byte = bytes[index]
            if isAllowed(byte, count == start) {
                append(byte)
            } else if byte & 0xC0 == 0x80 {
                continue  // Of a character of several bytes the first one counts.
            } else if text.hasBackslash, byte == UInt8(ascii: "\\"),
                index + 1 < text.range.upperBound,
                InfluxText.isEscaped(bytes[index + 1])
            {
                continue
            } else {
                append(UInt8(ascii: "_"))
                if isAllowed(byte, false) { append(byte) }
            }
        }
    }
}

extension Span<UInt8> {
    fileprivate func integer(_ token: Range<Int>) -> Int64? {
        var position = token.lowerBound
        let isNegative = self[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        guard position < token.upperBound, token.upperBound - position <= 19 else { return nil }
        var value: Int64 = 0
        while position < token.upperBound {
            let digit = self[position] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                isNegative
                ? product.subtractingReportingOverflow(Int64(digit))
                : product.addingReportingOverflow(Int64(digit))
            guard !overflow, !carry else { return nil }
            value = sum
            position += 1
        }
        return value
    }

    fileprivate func hasExponent(in range: Range<Int>) -> Bool {
        for index in range where self[index] | 0x20 == UInt8(ascii: "e") { return true }
        return false
    }

    fileprivate func hasHighByte(in range: Range<Int>) -> Bool {
        for index in range where self[index] >= 0x80 { return true }
        return false
    }

    fileprivate func lineFeeds(in range: Range<Int>) -> Int {
        var count = 0
        for index in range where self[index] == 0x0A { count += 1 }
        return count
    }
}
