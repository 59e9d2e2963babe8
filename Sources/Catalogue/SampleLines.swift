internal import StrictJSON
public import TimeSeries

/// Samples on their way to the log: makes the lines that hold them.
///
///     ,"samples":[{"metric":"queue.depth","kind":"gauge","tags":{"host":"a"},"points":[[1732500000000,3.5],[1732500001000,4]]},
///                 {"metric":"bytes","kind":"counter","unit":"By","temporality":"cumulative","tags":{},"points":[…]}]}⏎
///
/// Samples of one series stand in one group, in the order in which they came; the groups stand in the
/// order of their first samples. A number keeps the bytes that its sender wrote. The keys of a group come
/// in this order; `unit` and `temporality` may be missing.
public struct SampleLines: Sendable {
    /// Where the two stretches of a line stand in `bytes` (see `FoldLineParts`).
    public struct Line: Sendable {
        public let head: Range<Int>
        public let tail: Range<Int>
        public let samples: Int
    }

    /// A line is ended once it is so long.
    public static let lineBytesMax = 64 << 10
    /// Samples that wait for others of their series, in bytes.
    public static let waitingBytesMax = 512 << 10

    public private(set) var bytes: [UInt8] = []
    /// `finish` makes the last ones.
    public private(set) var lines: [Line] = []
    /// Samples in all lines, also in those that are not made yet.
    public private(set) var sampleCount = 0
    private var waiting = SampleGroups()
    /// `[1732500000000,`, since many samples in a row are of one moment.
    private var pointHead: [UInt8] = []
    private var pointTime: Timestamp?

    public init() {
        bytes.append(text: FoldLineParts.samplesHead)
    }

    public var isEmpty: Bool { sampleCount == 0 }

    /// Of the lines and of what they will be made of.
    public var heldBytes: Int { bytes.count + waiting.text.count }

    /// Of series; their numbers hold for one generation.
    var generation: Int { waiting.generation }

    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(text: FoldLineParts.samplesHead)
        lines.removeAll(keepingCapacity: true)
        waiting.removeSamples()
        sampleCount = 0
    }

    /// Makes lines of all samples.
    public mutating func finish() {
        guard !self.waiting.isEmpty else { return }
        bytes.reserveCapacity(bytes.count + waiting.text.count + waiting.text.count / 2)
        // Taken out meanwhile, so that it can be read while the lines grow.
        var waiting = SampleGroups()
        swap(&waiting, &self.waiting)
        var line = OpenLine(start: bytes.count)
        waiting.visit { head, point in
            line.append(
                head, of: waiting.heads.span, point, of: waiting.text.span, to: &bytes)
            if bytes.count - line.start >= Self.lineBytesMax {
                lines.append(line.end(&bytes))
                line = OpenLine(start: bytes.count)
            }
        }
        if line.samples > 0 { lines.append(line.end(&bytes)) }
        waiting.removeSamples()
        swap(&waiting, &self.waiting)
    }

    /// Whether a unit may stand in a line.
    public static func isUnit(_ unit: String) -> Bool {
        let bytes = Array(unit.utf8)
        return isUnit(bytes.span)
    }

    public static let unitBytesMax = 32

    static func isUnit(_ unit: Span<UInt8>) -> Bool {
        guard unit.count <= unitBytesMax else { return false }
        for index in 0..<unit.count {
            let byte = unit[index]
            if byte < 0x20 || byte > 0x7E || byte == UInt8(ascii: "\"")
                || byte == UInt8(ascii: "\\")
            {
                return false
            }
        }
        return true
    }
}

// MARK: From bytes

extension SampleLines {
    /// Appends a sample whose number is a token of JSON.
    mutating func append(
        _ metric: Span<UInt8>, _ kind: MetricKind, isCumulative: Bool, unit: Span<UInt8>,
        tags: Span<UInt8>, _ time: Timestamp, number: Span<UInt8>
    ) {
        let group = group(metric, kind, isCumulative: isCumulative, unit: unit, tags: tags)
        append(to: group, time, number: number)
    }

    /// Appends a sample of a series of this generation, whose number is a token of JSON.
    @inline(__always)
    mutating func append(to group: Int, _ time: Timestamp, number: Span<UInt8>) {
        appendPoint(to: group, time) { $0.append(contentsOf: number, 0..<number.count) }
    }

    mutating func group(
        _ metric: Span<UInt8>, _ kind: MetricKind, isCumulative: Bool, unit: Span<UInt8>,
        tags: Span<UInt8>
    ) -> Int {
        waiting.group {
            $0.append(head: metric, kind, isCumulative: isCumulative, unit: unit, tags: tags)
        }
    }

    @inline(__always)
    private mutating func appendPoint(
        to group: Int, _ time: Timestamp, _ appendValue: (inout [UInt8]) -> Void
    ) {
        if time != pointTime { beginPoints(at: time) }
        let start = waiting.text.count
        waiting.text += pointHead
        appendValue(&waiting.text)
        waiting.text.append(UInt8(ascii: "]"))
        waiting.add(point: start, to: group)
        sampleCount += 1
        if waiting.text.count >= Self.waitingBytesMax { finish() }
    }

    private mutating func beginPoints(at time: Timestamp) {
        pointTime = time
        pointHead.removeAll(keepingCapacity: true)
        pointHead.append(UInt8(ascii: "["))
        pointHead.append(decimal: time.milliseconds)
        pointHead.append(UInt8(ascii: ","))
    }
}

/// A line that is being made.
private struct OpenLine {
    let start: Int
    private(set) var samples = 0
    /// That of the open group.
    private var head = 0..<0

    init(start: Int) {
        self.start = start
    }

    mutating func append(
        _ head: Range<Int>, of heads: Span<UInt8>, _ point: Range<Int>, of text: Span<UInt8>,
        to bytes: inout [UInt8]
    ) {
        if samples > 0, head == self.head {
            bytes.append(UInt8(ascii: ","))
        } else {
            bytes.append(text: samples == 0 ? ",\"samples\":[" : "]},")
            bytes.append(contentsOf: heads, head)
            self.head = head
        }
        bytes.append(contentsOf: text, point)
        samples += 1
    }

    func end(_ bytes: inout [UInt8]) -> SampleLines.Line {
        bytes.append(text: "]}]}\n")
        return SampleLines.Line(
            head: 0..<FoldLineParts.samplesHead.utf8CodeUnitCount, tail: start..<bytes.count,
            samples: samples)
    }
}

extension [UInt8] {
    fileprivate mutating func append(
        head metric: Span<UInt8>, _ kind: MetricKind, isCumulative: Bool, unit: Span<UInt8>,
        tags: Span<UInt8>
    ) {
        append(text: "{\"metric\":\"")
        append(contentsOf: metric, 0..<metric.count)
        append(text: kind.member)
        if unit.count > 0 {
            append(text: ",\"unit\":\"")
            append(contentsOf: unit, 0..<unit.count)
            append(UInt8(ascii: "\""))
        }
        if isCumulative { append(text: ",\"temporality\":\"cumulative\"") }
        append(text: ",\"tags\":")
        append(contentsOf: tags, 0..<tags.count)
        append(text: ",\"points\":[")
    }
}

extension MetricKind {
    fileprivate var member: StaticString {
        switch self {
        case .counter: "\",\"kind\":\"counter\""
        case .gauge: "\",\"kind\":\"gauge\""
        case .distribution: "\",\"kind\":\"distribution\""
        }
    }
}

// MARK: From values

/// Samples of one series that were added up before they were sent.
public struct SampleAggregate: Equatable, Sendable {
    public var count: UInt64
    /// In parts.
    public var sum: Int128
    public var min, max, last: Quantity
    /// The BLOB of the samples' sketch; empty where there is none.
    public var sketch: [UInt8]

    public init(
        count: UInt64, sum: Int128, min: Quantity, max: Quantity, last: Quantity,
        sketch: [UInt8] = []
    ) {
        self.count = count
        self.sum = sum
        (self.min, self.max, self.last) = (min, max, last)
        self.sketch = sketch
    }
}

extension SampleLines {
    /// Appends a sample of Tidemark's own.
    public mutating func append(
        _ series: SeriesKey, _ kind: MetricKind, isCumulative: Bool = false, unit: String = "",
        _ value: Quantity, at time: Timestamp, scale: QuantityScale = .millionths
    ) {
        let group = group(series, kind, isCumulative: isCumulative, unit)
        appendPoint(to: group, time) { $0.append(decimalOf: value.parts, scale: scale) }
    }

    /// Appends samples that were added up.
    /// - Parameter time: that of the last one.
    ///
    ///     [1732500000000,{"count":12,"sum":34.5,"min":1,"max":9,"last":3,"sketch":"BgABAQ=="}]
    public mutating func append(
        _ series: SeriesKey, _ kind: MetricKind, unit: String = "", _ aggregate: SampleAggregate,
        at time: Timestamp, scale: QuantityScale = .millionths
    ) {
        let group = group(series, kind, isCumulative: false, unit)
        appendPoint(to: group, time) { $0.append(aggregate, scale) }
    }

    private mutating func group(
        _ series: SeriesKey, _ kind: MetricKind, isCumulative: Bool, _ unit: String
    ) -> Int {
        precondition(MetricName.isValid(series.metric), "BUG: a sample without a metric's name")
        precondition(Self.isUnit(unit), "BUG: a unit that cannot be written")
        let key = series.canonical
        let name = series.metric.utf8.count
        let unit = Array(unit.utf8)
        return group(
            key.span.extracting(0..<name), kind, isCumulative: isCumulative, unit: unit.span,
            tags: key.span.extracting(name..<key.count))
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ aggregate: SampleAggregate, _ scale: QuantityScale) {
        append(text: "{\"count\":")
        append(decimal: aggregate.count)
        append(text: ",\"sum\":")
        append(decimalOf: aggregate.sum, scale: scale)
        append(text: ",\"min\":")
        append(decimalOf: aggregate.min.parts, scale: scale)
        append(text: ",\"max\":")
        append(decimalOf: aggregate.max.parts, scale: scale)
        append(text: ",\"last\":")
        append(decimalOf: aggregate.last.parts, scale: scale)
        if !aggregate.sketch.isEmpty {
            append(text: ",\"sketch\":\"")
            Base64.encode(aggregate.sketch.span, to: &self)
            append(UInt8(ascii: "\""))
        }
        append(UInt8(ascii: "}"))
    }
}
