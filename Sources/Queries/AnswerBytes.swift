internal import StrictJSON
public import TimeSeries

/// Writes answers as bytes, each number an exact decimal.
public struct AnswerWriter: Sendable {
    private let fields: [BucketField]
    private let now: Timestamp

    /// - Parameter now: for telling which buckets are open.
    public init(fields: [BucketField], now: Timestamp) {
        self.fields = fields
        self.now = now
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

    /// As a rule a series takes no more bytes.
    public func lengthExpected(of series: AnsweredSeries) -> Int {
        512 + series.rows.count * (48 + fields.count * 24)
    }

    /// One series: an element of `series`, and a line of NDJSON.
    public func appendJSON(_ series: AnsweredSeries, to output: inout [UInt8]) {
        Self.append(series.group, to: &output)
        output += Array(",\"buckets\":[".utf8)
        RowWriter(series, fields, .json(fields), now: now).append(to: &output)
        // A comma stands behind the last row too.
        if !series.rows.isEmpty { output.removeLast() }
        output += Array("]}".utf8)
    }

    /// Each bucket as an object of its own, with a comma between two:
    /// `{"metric":…,"kind":…,"unit":…,"tags":{…},"start":…,"count":…}`.
    public func appendBuckets(_ series: AnsweredSeries, to output: inout [UInt8]) {
        guard !series.rows.isEmpty else { return }
        var form = RowForm.json(fields)
        form.head = []
        Self.append(series.group, to: &form.head)
        form.head += Array(",\"start\":\"".utf8)
        RowWriter(series, fields, form, now: now).append(to: &output)
        output.removeLast()
    }

    /// The opening brace, and what a series says of itself.
    private static func append(_ group: SeriesGroup, to output: inout [UInt8]) {
        output += Array("{\"metric\":".utf8)
        JSONString.encode(group.metric, appendingTo: &output)
        output += Array(",\"kind\":\"\(group.kind.rawValue)\",\"unit\":".utf8)
        JSONString.encode(group.unit, appendingTo: &output)
        output += Array(",\"tags\":".utf8)
        append(group.tags, to: &output)
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
        output += Array("\r\n".utf8)
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
        RowWriter(series, fields, .csv(fields, head: head), now: now).append(to: &output)
    }
}
