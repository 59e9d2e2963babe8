internal import StrictJSON
public import TimeSeries

/// Samples as JSON → lines for the log. One for each request; it keeps its buffers.
///
///     {"metric":"queue.depth","value":3,"kind":"gauge","tags":{"host":"a"},"timestamp":1732500000000}
///
/// | key | |
/// |---|---|
/// | `metric` | a name (`MetricName`) |
/// | `value` | a number; of a counter not negative |
/// | `kind` | `gauge`, `counter`, `distribution`; needed where the metric is not known yet |
/// | `temporality` | of a counter: `delta` (the default) or `cumulative` |
/// | `unit` | optional; counts where the metric is new |
/// | `tags` | optional; an object of strings. A tag without a value is left out |
/// | `timestamp` | optional; RFC 3339 or milliseconds since 1970; default now |
///
/// Any other key is refused by its name: a misspelled one must not be lost in silence.
public struct SampleDecoder: Sendable {
    public private(set) var verdicts = SampleVerdicts()
    let limits: SampleLimits
    let time: SampleTime
    var known: KnownMetrics
    private var splitter: LineSplitter
    private var index = 0
    private var lineNumber = 0
    // Reused for each sample.
    var members = SampleMembers()
    var name: [UInt8] = []
    var unit: [UInt8] = []
    var tags = SampleTags()
    var tagText: [UInt8] = []

    /// - Parameter metrics: those that the folds know.
    public init(limits: SampleLimits = SampleLimits(), metrics: MetricTable, now: Timestamp) {
        self.limits = limits
        splitter = LineSplitter(bytesMax: limits.sampleBytesMax)
        time = SampleTime(now: now, aheadMillisecondsMax: limits.timestampAheadMillisecondsMax)
        known = KnownMetrics(metrics, metricsMax: limits.metricsMax)
    }

    /// Takes one object, or an array of them.
    /// - Throws: where the body is no JSON; then nothing of it may be stored.
    public mutating func decode(
        body: Span<UInt8>, into lines: inout SampleLines
    ) throws(SampleFault) {
        do throws(JSONFault) {
            try decodeBody(body, into: &lines)
        } catch {
            throw SampleFault(error)
        }
    }

    /// Takes the whole lines of a stretch of NDJSON; blank lines are passed over.
    /// - Parameter isEnd: whether the body ends with the stretch, and so its last line too.
    /// - Returns: how many bytes were taken; the rest is the beginning of a line.
    public mutating func decode(
        ndjson bytes: Span<UInt8>, isEnd: Bool, into lines: inout SampleLines
    ) -> Int {
        var start = 0
        while true {
            switch splitter.next(bytes, from: start, isEnd: isEnd) {
            case .rest(let rest): return rest
            case .tooLong(let next):
                lineNumber += 1
                reject(tooLong)
                start = next
            case .line(let range, let next):
                lineNumber += 1
                decodeLine(bytes, range, into: &lines)
                start = next
            }
        }
    }

    private var tooLong: SampleFault {
        SampleFault(.lineTooLong, "longer than \(limits.sampleBytesMax) bytes")
    }
}

// MARK: Bodies

extension SampleDecoder {
    private mutating func decodeBody(
        _ bytes: Span<UInt8>, into lines: inout SampleLines
    ) throws(JSONFault) {
        var cursor = JSONCursor(0..<bytes.count)
        try cursor.rejectByteOrderMark(in: bytes)
        if try cursor.peek(in: bytes) == UInt8(ascii: "[") {
            var more = try cursor.enterArray(in: bytes)
            while more {
                try decodeSample(bytes, &cursor, into: &lines)
                more = try cursor.anotherElement(in: bytes)
            }
        } else {
            try decodeSample(bytes, &cursor, into: &lines)
        }
        try cursor.finish(in: bytes)
    }

    private mutating func decodeLine(
        _ bytes: Span<UInt8>, _ range: Range<Int>, into lines: inout SampleLines
    ) {
        guard !bytes.isBlank(range) else { return }
        var cursor = JSONCursor(range)
        do throws(JSONFault) {
            guard try cursor.peek(in: bytes) == UInt8(ascii: "{") else {
                try cursor.skipValue(in: bytes)
                try cursor.finish(in: bytes)
                return reject(SampleFault(.notAnObject, "must be an object"))
            }
            let start = cursor.position
            try members.read(bytes, &cursor)
            try cursor.finish(in: bytes)
            takeMembers(start..<cursor.position, of: bytes, into: &lines)
        } catch {
            reject(SampleFault(error))
        }
    }

    private mutating func decodeSample(
        _ bytes: Span<UInt8>, _ cursor: inout JSONCursor, into lines: inout SampleLines
    ) throws(JSONFault) {
        guard try cursor.peek(in: bytes) == UInt8(ascii: "{") else {
            try cursor.skipValue(in: bytes, depth: 1)
            return reject(SampleFault(.notAnObject, "must be an object"))
        }
        let start = cursor.position
        try members.read(bytes, &cursor)
        takeMembers(start..<cursor.position, of: bytes, into: &lines)
    }

    private mutating func takeMembers(
        _ object: Range<Int>, of bytes: Span<UInt8>, into lines: inout SampleLines
    ) {
        do throws(SampleFault) {
            guard object.count <= limits.sampleBytesMax else {
                throw tooLong
            }
            if let fault = members.fault { throw fault }
            try append(bytes, into: &lines)
            verdicts.accepted += 1
            index += 1
        } catch {
            reject(error)
        }
    }

    private mutating func reject(_ fault: SampleFault) {
        verdicts.reject(fault, index: index, line: lineNumber > 0 ? lineNumber : nil)
        index += 1
    }
}

extension Span<UInt8> {
    fileprivate func isBlank(_ range: Range<Int>) -> Bool {
        for index in range {
            let byte = self[index]
            guard byte == 0x20 || byte == 0x09 || byte == 0x0D else { return false }
        }
        return true
    }
}
