internal import Foundation
internal import Queries
internal import Rollup
internal import TimeSeries

/// What is asked of the rollups: the same of a server and of a folder.
struct MetricAsk: Sendable {
    let metrics: [String]
    let interval: Interval
    let times: AskedTimes
    var tags: [(key: String, value: String)] = []
    var groupBy: [String] = []
    /// Nil: the standard ones.
    var fields: [BucketField]?
    var across: Across?
    var fill = Fill.none
    var seriesMax: Int?

    init(_ metrics: [String], _ interval: Interval, _ times: AskedTimes) {
        self.metrics = metrics
        self.interval = interval
        self.times = times
    }

    /// As a folder is asked.
    var query: MetricQuery {
        var query = MetricQuery(metrics.map(MetricPattern.init), interval, times.range)
        for tag in tags { query.tags[tag.key, default: []].insert(tag.value) }
        // An empty name is no tag's: `--group-by ''` makes one of all.
        if !groupBy.isEmpty { query.groupBy = groupBy.filter { !$0.isEmpty } }
        query.fields = fields ?? BucketField.standard
        query.across = across
        query.fill = fill
        query.seriesMax = seriesMax
        return query
    }

    /// As `GET /metrics` is asked.
    var queryItems: [URLQueryItem] {
        var items = metrics.map { URLQueryItem(name: "metric", value: $0) }
        func add(_ name: String, _ value: String?) {
            if let value { items.append(URLQueryItem(name: name, value: value)) }
        }
        add("interval", interval.name)
        add("from", times.from)
        add("to", times.to)
        for tag in tags { add("tag." + tag.key, tag.value) }
        for key in groupBy { add("group_by", key) }
        add("fields", fields?.map(\.name).joined(separator: ","))
        add("across", across?.rawValue)
        if fill != .none { add("fill", fill.rawValue) }
        add("limit", seriesMax.map(String.init))
        return items
    }
}

/// From when to when, as it was said and as it is understood here. The server reads the words itself: its
/// clock says what now is.
struct AskedTimes: Sendable {
    let from: String
    let to: String
    let range: TimeRange

    init(from: String, to: String, now: Timestamp) throws(CommandFailure) {
        self.from = from
        self.to = to
        let start = try Self.time(from, "--from", now)
        let end = try Self.time(to, "--to", now)
        guard let range = TimeRange(from: start, to: end) else {
            throw CommandFailure(message: "--from: must be before --to", exitCode: 2)
        }
        self.range = range
    }

    private static func time(
        _ text: String, _ flag: String, _ now: Timestamp
    ) throws(CommandFailure) -> Timestamp {
        guard let time = TimeExpression.parse(text, now: now) else {
            throw CommandFailure(
                message:
                    "\(flag): must be RFC 3339, epoch seconds or milliseconds, now, or like -1h",
                exitCode: 2)
        }
        return time
    }
}
