internal import EventLog
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Pipeline
internal import Queries
internal import Rollup
internal import StrictJSON
internal import TimeSeries

/// `GET /metrics` with an interval: what the rollups hold.
extension API {
    @Sendable func getMetrics(_ request: Request, _ context: Context) async throws -> Response {
        let parameters = try Parameters(
            request, known: MetricParameters.names, repeatable: MetricParameters.repeatable,
            prefix: MetricParameters.tagPrefix)
        guard parameters["interval"] != nil else {
            return try await exposition(request, parameters)
        }
        let query = try MetricParameters.query(parameters, now: now())
        let format = try MetricFormat(parameters["format"], accept: request.headers[.accept])
        // A filled bucket costs as much as another, and there is one for each moment asked about.
        guard query.fill == .none || query.bucketsPerSeries <= limits.queryBucketsMax else {
            throw APIError.tooManyBuckets(limits.queryBucketsMax)
        }
        let inquiry = try await inquiry(query)
        let writer = AnswerWriter(fields: query.fields, now: now())
        switch format {
        case .json: return try await json(inquiry, query, writer)
        case .lines: return stream(inquiry, MetricLines(writer: writer))
        case .csv:
            let keys = inquiry.groups.tagKeys
            return stream(inquiry, MetricRows(writer: writer, tagKeys: keys, query: query))
        }
    }

    @Sendable func getMetricNames(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        do throws(EngineRefusal) {
            try await engine.settle(through: pipeline.log.lastID)
        } catch {
            throw APIError(error)
        }
        return .json(MetricSummary.json(await engine.metricSummaries()))
    }

    /// One reads what one wrote: waits until everything that was acknowledged is counted.
    private func inquiry(_ query: MetricQuery) async throws -> Inquiry {
        do throws(EngineRefusal) {
            return try await engine.inquiry(query, through: pipeline.log.lastID)
        } catch {
            throw APIError(error)
        }
    }

    private func json(
        _ inquiry: Inquiry, _ query: MetricQuery, _ writer: AnswerWriter
    ) async throws -> Response {
        let most = limits.queryBucketsMax
        guard query.fill == .none || inquiry.groups.count * query.bucketsPerSeries <= most else {
            throw APIError.tooManyBuckets(most)
        }
        let answer = JSONAnswer(
            engine: engine, inquiry: inquiry, query: query, writer: writer, bucketsMax: most)
        return .bytes(try await answer.body(), type: "application/json")
    }

    /// Group after group, in constant memory: the next one is read when the client has taken the one
    /// before.
    private func stream(_ inquiry: Inquiry, _ rendering: any MetricRendering) -> Response {
        let body = ResponseBody { writer in
            let head = rendering.head
            if !head.isEmpty { try await writer.write(ByteBuffer(bytes: head)) }
            for group in inquiry.groups {
                let bytes = try await part(group, of: inquiry, rendering)
                if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: rendering.contentType], body: body)
    }

    private func part(
        _ group: SeriesGroup, of inquiry: Inquiry, _ rendering: any MetricRendering
    ) async throws -> [UInt8] {
        do throws(EngineRefusal) {
            return try await engine.answer(
                [group], of: inquiry, bucketsMax: limits.streamedBucketsMax
            ) { answer in
                var bytes: [UInt8] = []
                for series in answer { rendering.append(series, to: &bytes) }
                return bytes
            }
        } catch {
            throw APIError(error)
        }
    }
}

/// How the series of an answer become parts of a streamed body.
private protocol MetricRendering: Sendable {
    var contentType: String { get }
    var head: [UInt8] { get }
    func append(_ series: AnsweredSeries, to output: inout [UInt8])
}

private struct MetricLines: MetricRendering {
    let writer: AnswerWriter

    var contentType: String { "application/x-ndjson" }
    var head: [UInt8] { [] }

    func append(_ series: AnsweredSeries, to output: inout [UInt8]) {
        writer.appendJSON(series, to: &output)
        output.append(UInt8(ascii: "\n"))
    }
}

private struct MetricRows: MetricRendering {
    let writer: AnswerWriter
    let tagKeys: [String]
    let query: MetricQuery

    var contentType: String { "text/csv; charset=utf-8" }

    var head: [UInt8] {
        var head: [UInt8] = []
        AnswerWriter.appendCSVHead(tagKeys: tagKeys, query.fields, to: &head)
        return head
    }

    func append(_ series: AnsweredSeries, to output: inout [UInt8]) {
        writer.appendCSV(series, tagKeys: tagKeys, to: &output)
    }
}
