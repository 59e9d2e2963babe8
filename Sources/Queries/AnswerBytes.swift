internal import Rollup
internal import StrictJSON
public import TimeSeries

/// Writes answers as bytes, each number an exact decimal.
public struct AnswerWriter: Sendable {
    private let fields: [BucketField]
    private let keys: [[UInt8]]
    private let now: Timestamp

    /// - Parameter now: for telling which buckets are open.
    public init(fields: [BucketField], now: Timestamp) {
        self.fields = fields
        self.now = now
        keys = fields.map { Array("\"\($0.name)\":".utf8) }
    }
}

// MARK: JSON

extension AnswerWriter {
    /// What stands before the first series of `{"interval":…,"from":…,"to":…,"series":[…]}`.
    public static func appendJSONHead(_ query: MetricQuery, to output: inout [UInt8]) {
        output += Array("{\"interval\":\"\(query.interval.name)\",\"from\":\"".utf8)
        query.range.from.appendRFC3339(to: &output)
        output += Array("\",\"to\":\"".utf8)
        query.range.to.appendRFC3339(to: &output)
        output += Array("\",\"series\":[".utf8)
    }

    /// One series: an element of `series`, and a line of NDJSON.
    public func appendJSON(_ series: AnsweredSeries, to output: inout [UInt8]) {
        let group = series.group
        output += Array("{\"metric\":".utf8)
        JSONString.encode(group.metric, appendingTo: &output)
        output += Array(",\"kind\":\"\(group.kind.rawValue)\",\"unit\":".utf8)
        JSONString.encode(group.unit, appendingTo: &output)
        output += Array(",\"tags\":".utf8)
        Self.append(group.tags, to: &output)
        output += Array(",\"buckets\":[".utf8)
        for (place, row) in series.rows.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            appendJSON(row, series, to: &output)
        }
        output += Array("]}".utf8)
    }

    private static func append(_ tags: [SeriesKey.Tag], to output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        for (place, tag) in tags.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            JSONString.encode(tag.key, appendingTo: &output)
            output.append(UInt8(ascii: ":"))
            JSONString.encode(tag.value, appendingTo: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private func appendJSON(
        _ row: AnsweredSeries.Row, _ series: AnsweredSeries, to output: inout [UInt8]
    ) {
        output += Self.startKey
        row.start.appendRFC3339(to: &output)
        output.append(UInt8(ascii: "\""))
        for place in fields.indices {
            output.append(UInt8(ascii: ","))
            output += keys[place]
            if !append(fields[place], of: row, series, to: &output) { output += Self.null }
        }
        if series.isOpen(row, at: now) { output += Self.open }
        output.append(UInt8(ascii: "}"))
    }

    private static let startKey = Array("{\"start\":\"".utf8)
    private static let null = Array("null".utf8)
    private static let open = Array(",\"open\":true".utf8)
}

// MARK: CSV

extension AnswerWriter {
    /// `metric,<tags>,bucket_start,count,…` (RFC 4180).
    public static func appendCSVHead(
        tagKeys: [String], _ fields: [BucketField], to output: inout [UInt8]
    ) {
        let columns = ["metric"] + tagKeys + ["bucket_start"] + fields.map(\.name)
        for (place, column) in columns.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            output.append(csv: column)
        }
        output += Self.lineEnd
    }

    /// The rows of a series; a tag that it does not have is an empty field.
    public func appendCSV(
        _ series: AnsweredSeries, tagKeys: [String], to output: inout [UInt8]
    ) {
        var head: [UInt8] = []
        head.append(csv: series.group.metric)
        for key in tagKeys {
            head.append(UInt8(ascii: ","))
            head.append(csv: series.group.tags.first { $0.key == key }?.value ?? "")
        }
        head.append(UInt8(ascii: ","))
        for row in series.rows {
            output += head
            row.start.appendRFC3339(to: &output)
            for field in fields {
                output.append(UInt8(ascii: ","))
                _ = append(field, of: row, series, to: &output)
            }
            output += Self.lineEnd
        }
    }

    private static let lineEnd = Array("\r\n".utf8)
}

// MARK: Fields

extension AnswerWriter {
    /// - Returns: false where there is nothing to be told, and nothing was appended.
    private func append(
        _ field: BucketField, of row: AnsweredSeries.Row, _ series: AnsweredSeries,
        to output: inout [UInt8]
    ) -> Bool {
        guard let bucket = row.bucket else { return false }
        let scale = series.group.scale
        if field == .count {
            output.append(decimal: bucket.count)
            return true
        }
        guard let value = field.value(bucket, series) else { return false }
        output.append(decimalOf: value.parts, scale: scale)
        return true
    }
}

extension BucketField {
    public var name: String {
        switch self {
        case .count: "count"
        case .sum: "sum"
        case .avg: "avg"
        case .min: "min"
        case .max: "max"
        case .last: "last"
        case .rate: "rate"
        case .quantile(let quantile): quantile.name
        }
    }

    /// In the metric's unit; nil where the bucket cannot tell.
    fileprivate func value(_ bucket: Bucket, _ series: AnsweredSeries) -> Quantity? {
        switch self {
        case .count: Quantity(parts: Int128(bucket.count) * Int128(series.group.scale.partsPerUnit))
        case .sum: Quantity(parts: bucket.sum)
        case .avg: bucket.average
        case .min: bucket.min
        case .max: bucket.max
        case .last: bucket.last
        case .rate:
            bucket.rate(series.interval, kind: series.group.kind, scale: series.group.scale)
        case .quantile(let quantile): bucket.quantile(quantile, scale: series.group.scale)
        }
    }
}

extension [UInt8] {
    /// A field as RFC 4180 has it, quoted where it must be. One that a spreadsheet would take for a
    /// formula stays as it is: it is data, and readers of CSV are told to import text as text.
    fileprivate mutating func append(csv text: String) {
        let special: Set<UInt8> = [0x2C, 0x22, 0x0D, 0x0A]
        guard text.utf8.contains(where: special.contains) else { return self += text.utf8 }
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { append(byte) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }
}
