internal import Queries
internal import Rollup
internal import TimeSeries

/// The parameters of `GET /metrics`.
enum MetricParameters {
    static let tagPrefix = "tag."
    static let names: Set = [
        "interval", "metric", "from", "to", "group_by", "fields", "across", "fill", "limit",
        "format",
    ]
    static let repeatable: Set = ["metric", "group_by"]
    /// What is shown where no metric is asked for: how the system itself does.
    static let systemMetrics = [
        "data.size", "disk.free", "events", "events.rate", "hook.latency", "ingest.lag",
        "ingest.queue.depth", "log.write", "process.memory", "stream.latency",
    ]
    static let seriesMax = 10_000

    static func query(_ parameters: Parameters, now: Timestamp) throws(APIError) -> MetricQuery {
        let names = parameters.all("metric")
        let interval = try interval(parameters)
        var query = MetricQuery(
            (names.isEmpty ? systemMetrics : names).map(MetricPattern.init), interval,
            try range(parameters, now: now))
        for (name, value) in parameters.prefixed(tagPrefix) {
            query.tags[name, default: []].insert(value)
        }
        let groups = parameters.all("group_by")
        if !groups.isEmpty { query.groupBy = groups.filter { !$0.isEmpty } }
        if let fields = parameters["fields"] { query.fields = try self.fields(fields) }
        query.across = try choice(parameters, "across", Across.self)
        query.fill = try choice(parameters, "fill", Fill.self) ?? .none
        query.seriesMax = try parameters.number("limit", in: 1...seriesMax)
        return query
    }

    private static func interval(_ parameters: Parameters) throws(APIError) -> Interval {
        guard let interval = Interval(name: parameters["interval"] ?? "") else {
            throw .parameter("interval", "must be one of \(intervalNames)")
        }
        return interval
    }

    static var intervalNames: String { Interval.allCases.map(\.name).joined(separator: ", ") }

    private static func range(_ parameters: Parameters, now: Timestamp) throws(APIError)
        -> TimeRange
    {
        let from = try parameters.time("from", now: now) ?? now.advanced(byMilliseconds: -3_600_000)
        let to = try parameters.time("to", now: now) ?? now
        guard let range = TimeRange(from: from, to: to) else {
            throw .parameter("from", "must be before to")
        }
        return range
    }

    private static func fields(_ text: String) throws(APIError) -> [BucketField] {
        var fields: [BucketField] = []
        for name in text.split(separator: ",") {
            guard let field = BucketField(name: name) else {
                throw .parameter(
                    "fields", "must be of count, sum, avg, min, max, last, rate and p0 to p100")
            }
            if !fields.contains(field) { fields.append(field) }
        }
        guard !fields.isEmpty else { throw .parameter("fields", "must name one") }
        return fields
    }

    private static func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ parameters: Parameters, _ name: String, _ type: Choice.Type
    ) throws(APIError) -> Choice? {
        guard let text = parameters[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .parameter(name, "must be one of \(names)")
        }
        return choice
    }
}

/// In which form an answer is wanted: by `format`, else by `Accept`.
enum MetricFormat {
    case json, lines, csv

    init(_ format: String?, accept: String?) throws(APIError) {
        switch format {
        case "json": self = .json
        case "ndjson": self = .lines
        case "csv": self = .csv
        case nil:
            switch try EventRepresentation(accept: accept) {
            case .json: self = .json
            case .lines: self = .lines
            case .csv: self = .csv
            }
        default: throw .parameter("format", "must be one of json, csv, ndjson")
        }
    }
}

extension [SeriesGroup] {
    /// All keys of tags, in order.
    var tagKeys: [String] { Set(flatMap { $0.tags.map(\.key) }).sorted() }
}
