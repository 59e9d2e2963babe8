import Queries
import Rollup
import TimeSeries

/// A metric with the samples of some series, and what is answered about it.
struct TestMetric {
    struct Sample {
        /// Milliseconds after `start`.
        var time: Int64
        var value: Quantity
    }

    var name = "tool.duration"
    var kind = MetricKind.distribution
    var unit = "ms"
    var scale = QuantityScale.millionths
    var series: [(tags: [SeriesKey.Tag], samples: [Sample])] = []

    /// Two minutes before a month's end.
    static let start = Timestamp(milliseconds: 1_769_903_880_000)

    /// - Parameter samples: decimals at so many seconds after `start`.
    mutating func add(
        _ tags: KeyValuePairs<String, String> = [:], samples: [(Int64, String)]
    ) throws {
        series.append(
            (
                tags.map { SeriesKey.Tag($0.key, $0.value) },
                try samples.map {
                    Sample(time: $0.0 * 1_000, value: try Quantity(decimal: $0.1, scale: scale))
                }
            ))
    }

    static func query(
        _ fields: String? = nil, _ interval: Interval = .oneMinute, minutes: Int64 = 5
    ) -> MetricQuery {
        let end = start.advanced(byMilliseconds: minutes * 60_000)
        guard let range = TimeRange(from: start, to: end) else {
            preconditionFailure("a test without time")
        }
        var query = MetricQuery([MetricPattern("*")], interval, range)
        if let fields {
            query.fields = fields.split(separator: ",").compactMap { BucketField(name: $0) }
        }
        return query
    }
}

// MARK: Buckets

extension TestMetric {
    var known: [KnownSeries] {
        series.enumerated().map { number, series in
            KnownSeries(
                id: SeriesID(UInt32(number)), key: SeriesKey(metric: name, tags: series.tags),
                kind: kind, unit: unit, scale: scale)
        }
    }

    func buckets(_ interval: Interval) -> [SeriesBucket] {
        var table = BucketTable()
        for (number, series) in series.enumerated() {
            for sample in series.samples {
                table.add(
                    sample.value, at: Self.start.advanced(byMilliseconds: sample.time),
                    to: SeriesID(UInt32(number)), kind: kind, scale: scale)
            }
        }
        return table.batch().expanded(to: interval).batch.entries
    }

    func answer(_ query: MetricQuery) -> [AnsweredSeries] {
        let buckets = buckets(query.interval)
        return query.groups(of: known).map { group in
            let series = Set(group.series)
            return AnsweredSeries(group, buckets.filter { series.contains($0.series) }, query)
        }
    }
}

// MARK: Bytes

extension TestMetric {
    /// When all buckets are over.
    static let later = start.advanced(byMilliseconds: 86_400_000)

    func json(_ query: MetricQuery, now: Timestamp = later) -> String {
        let writer = AnswerWriter(fields: query.fields, now: now)
        var bytes: [UInt8] = []
        AnswerWriter.appendJSONHead(query, to: &bytes)
        for (place, series) in answer(query).enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            writer.appendJSON(series, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self) + "]}"
    }

    /// The buckets of all groups in JSON, each a line.
    func buckets(_ query: MetricQuery, now: Timestamp = later) -> String {
        let writer = AnswerWriter(fields: query.fields, now: now)
        var bytes: [UInt8] = []
        for series in answer(query) {
            writer.appendJSON(series, to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return String(decoding: bytes, as: UTF8.self)
            .replacing(/{"metric".*?"buckets":/) { _ in "" }
            .replacing("},{", with: "}\n{")
    }

    /// `⏎` stands where a line has its `\r\n`.
    func csv(_ query: MetricQuery) -> String {
        let answer = answer(query)
        let keys = Set(answer.flatMap { $0.group.tags.map(\.key) }).sorted()
        let writer = AnswerWriter(fields: query.fields, now: Self.later)
        var bytes: [UInt8] = []
        AnswerWriter.appendCSVHead(tagKeys: keys, query.fields, to: &bytes)
        for series in answer { writer.appendCSV(series, tagKeys: keys, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "⏎\n")
    }
}
