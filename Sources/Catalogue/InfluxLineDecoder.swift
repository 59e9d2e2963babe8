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
    public internal(set) var verdicts = SampleVerdicts()
    let limits: SampleLimits
    let time: SampleTime
    private let precision: InfluxPrecision
    var known: KnownMetrics
    private var splitter: LineSplitter
    private var lineNumber = 0
    // Reused for each line.
    var line = InfluxLine()
    var name: [UInt8] = []
    var tags = SampleTags()
    var tagText: [UInt8] = []
    var numbers: [UInt8] = []
    var heads = InfluxHeads()
    /// Those of the line's fields that are samples so far.
    var series: [(group: Int, scale: QuantityScale)] = []

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

    mutating func reject(_ fault: SampleFault) {
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
            guard range.count <= limits.sampleBytesMax else { throw tooLong }
            let time = try timestamp(bytes)
            try takeFields(bytes, time, into: &lines)
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

// MARK: Bytes

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

    fileprivate func lineFeeds(in range: Range<Int>) -> Int {
        var count = 0
        for index in range where self[index] == 0x0A { count += 1 }
        return count
    }
}
