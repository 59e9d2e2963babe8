internal import Queries
internal import Rollup
internal import TimeSeries

/// Metrics of a data folder, in the very bytes that its server would send.
struct FolderMetrics: MetricSource {
    private let rollups: FolderRollups
    private let series: [KnownSeries]
    private let now: Timestamp

    /// - Parameters:
    ///   - ask: what will be asked; nil for names alone.
    ///   - now: for telling which buckets are open.
    init(folder: String, _ ask: MetricAsk?, now: Timestamp) async throws {
        rollups = try await FolderRollups(folder: folder, ask?.query)
        series = rollups.series
        self.now = now
    }

    func names() async throws -> [UInt8] {
        MetricSummary.json(rollups.summaries)
    }

    func answer(
        _ ask: MetricAsk, as format: AnswerFormat, _ take: ([UInt8]) throws -> Void
    ) async throws {
        let query = ask.query
        let groups = query.groups(of: series)
        var rendering = AnswerRendering(format, query, groups, now: now)
        var rollups = rollups
        try take(rendering.head)
        for group in groups {
            try take(rendering.bytes(of: try await rollups.answer(group, query)))
        }
        try take(rendering.end)
    }

    func close() async {}
}

/// How an answer is written in a format: its head, its series one by one, its end.
private struct AnswerRendering {
    let head: [UInt8]
    let end: [UInt8]
    private let format: AnswerFormat
    private let writer: AnswerWriter
    private let tagKeys: [String]
    private var isFirst = true

    init(_ format: AnswerFormat, _ query: MetricQuery, _ groups: [SeriesGroup], now: Timestamp) {
        self.format = format
        writer = AnswerWriter(fields: query.fields, now: now)
        tagKeys = Set(groups.flatMap { $0.tags.map(\.key) }).sorted()
        var head: [UInt8] = []
        switch format {
        case .json: AnswerWriter.appendJSONHead(query, to: &head)
        case .csv: AnswerWriter.appendCSVHead(tagKeys: tagKeys, query.fields, to: &head)
        case .lines: break
        }
        self.head = head
        end = format == .json ? Array("]}".utf8) : []
    }

    mutating func bytes(of series: AnsweredSeries) -> [UInt8] {
        defer { isFirst = false }
        var bytes: [UInt8] = []
        switch format {
        case .csv: writer.appendCSV(series, tagKeys: tagKeys, to: &bytes)
        case .json:
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            writer.appendJSON(series, to: &bytes)
        case .lines:
            writer.appendJSON(series, to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}
