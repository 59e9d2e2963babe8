internal import StrictJSON
public import TimeSeries

/// Samples on their way to the log: makes the lines that hold them.
///
///     ,"samples":[{"metric":"queue.depth","kind":"gauge","tags":{"host":"a"},"points":[[1732500000000,3.5],[1732500001000,4]]},
///                 {"metric":"bytes","kind":"counter","unit":"By","temporality":"cumulative","tags":{},"points":[…]}]}⏎
///
/// Samples of one series that come one after the other stand in one group. A number keeps the bytes
/// that its sender wrote. The keys of a group come in this order; `unit` and `temporality` may be
/// missing.
public struct SampleLines: Sendable {
    /// Where the two stretches of a line stand in `bytes` (see `FoldLineParts`).
    public struct Line: Sendable {
        public let head: Range<Int>
        public let tail: Range<Int>
        public let samples: Int
    }

    /// A line is ended once it is so long.
    public static let lineBytesMax = 64 << 10

    public private(set) var bytes: [UInt8] = []
    /// The lines that are ended; `finish` ends the last one.
    public private(set) var lines: [Line] = []
    /// Samples in all lines, also in the one that is not ended.
    public private(set) var sampleCount = 0
    private var samplesBefore = 0
    private var tailStart = 0
    /// The open group from `{` to the bracket of its points; empty where no line is open.
    private var group = 0..<0

    public init() {
        bytes.append(text: FoldLineParts.samplesHead)
    }

    public var isEmpty: Bool { sampleCount == 0 }

    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(text: FoldLineParts.samplesHead)
        lines.removeAll(keepingCapacity: true)
        (sampleCount, samplesBefore, group) = (0, 0, 0..<0)
    }

    /// Ends the line that is open.
    public mutating func finish() {
        guard !group.isEmpty else { return }
        bytes.append(text: "]}]}\n")
        lines.append(
            Line(
                head: 0..<FoldLineParts.samplesHead.utf8CodeUnitCount,
                tail: tailStart..<bytes.count, samples: sampleCount - samplesBefore))
        samplesBefore = sampleCount
        group = 0..<0
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
        open(metric, kind, isCumulative: isCumulative, unit: unit, tags: tags)
        bytes.append(UInt8(ascii: "["))
        bytes.append(decimal: time.milliseconds)
        bytes.append(UInt8(ascii: ","))
        bytes.append(contentsOf: number, 0..<number.count)
        bytes.append(UInt8(ascii: "]"))
        close()
    }

    /// Writes the head of a group, or goes on with the open one where that has the same.
    private mutating func open(
        _ metric: Span<UInt8>, _ kind: MetricKind, isCumulative: Bool, unit: Span<UInt8>,
        tags: Span<UInt8>
    ) {
        let isFirst = group.isEmpty
        if isFirst {
            tailStart = bytes.count
            bytes.append(text: ",\"samples\":[")
        } else {
            bytes.append(text: "]},")
        }
        let start = bytes.count
        appendHead(metric, kind, isCumulative: isCumulative, unit: unit, tags: tags)
        if !isFirst, bytes.span.isEqual(group, to: bytes.span, start..<bytes.count) {
            bytes.removeSubrange((start - 3)...)
            bytes.append(UInt8(ascii: ","))
        } else {
            group = start..<bytes.count
        }
    }

    private mutating func appendHead(
        _ metric: Span<UInt8>, _ kind: MetricKind, isCumulative: Bool, unit: Span<UInt8>,
        tags: Span<UInt8>
    ) {
        bytes.append(text: "{\"metric\":\"")
        bytes.append(contentsOf: metric, 0..<metric.count)
        bytes.append(text: kind.member)
        if unit.count > 0 {
            bytes.append(text: ",\"unit\":\"")
            bytes.append(contentsOf: unit, 0..<unit.count)
            bytes.append(UInt8(ascii: "\""))
        }
        if isCumulative { bytes.append(text: ",\"temporality\":\"cumulative\"") }
        bytes.append(text: ",\"tags\":")
        bytes.append(contentsOf: tags, 0..<tags.count)
        bytes.append(text: ",\"points\":[")
    }

    private mutating func close() {
        sampleCount += 1
        if bytes.count - tailStart >= Self.lineBytesMax { finish() }
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
        open(series, kind, isCumulative: isCumulative, unit)
        bytes.append(UInt8(ascii: "["))
        bytes.append(decimal: time.milliseconds)
        bytes.append(UInt8(ascii: ","))
        bytes.append(decimalOf: value.parts, scale: scale)
        bytes.append(UInt8(ascii: "]"))
        close()
    }

    /// Appends samples that were added up.
    /// - Parameter time: that of the last one.
    ///
    ///     [1732500000000,{"count":12,"sum":34.5,"min":1,"max":9,"last":3,"sketch":"BgABAQ=="}]
    public mutating func append(
        _ series: SeriesKey, _ kind: MetricKind, unit: String = "", _ aggregate: SampleAggregate,
        at time: Timestamp, scale: QuantityScale = .millionths
    ) {
        open(series, kind, isCumulative: false, unit)
        bytes.append(UInt8(ascii: "["))
        bytes.append(decimal: time.milliseconds)
        bytes.append(text: ",{\"count\":")
        bytes.append(decimal: aggregate.count)
        bytes.append(text: ",\"sum\":")
        bytes.append(decimalOf: aggregate.sum, scale: scale)
        bytes.append(text: ",\"min\":")
        bytes.append(decimalOf: aggregate.min.parts, scale: scale)
        bytes.append(text: ",\"max\":")
        bytes.append(decimalOf: aggregate.max.parts, scale: scale)
        bytes.append(text: ",\"last\":")
        bytes.append(decimalOf: aggregate.last.parts, scale: scale)
        if !aggregate.sketch.isEmpty {
            bytes.append(text: ",\"sketch\":\"")
            Base64.encode(aggregate.sketch.span, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(text: "}]")
        close()
    }

    private mutating func open(
        _ series: SeriesKey, _ kind: MetricKind, isCumulative: Bool, _ unit: String
    ) {
        precondition(MetricName.isValid(series.metric), "BUG: a sample without a metric's name")
        precondition(Self.isUnit(unit), "BUG: a unit that cannot be written")
        let key = series.canonical
        let name = series.metric.utf8.count
        let unit = Array(unit.utf8)
        open(
            key.span.extracting(0..<name), kind, isCumulative: isCumulative, unit: unit.span,
            tags: key.span.extracting(name..<key.count))
    }
}
