internal import Definitions
internal import Hummingbird
internal import KPI
internal import NIOCore
internal import Pipeline
internal import TimeSeries

/// `POST /kpis/backtest`: what KPIs would have said, line by line as it is found.
extension API {
    private static let definitionBytesMax = 1 << 20

    @Sendable func postBacktest(_ request: Request, _ context: Context) async throws -> Response {
        let parameters = try Parameters(request, known: ["from", "to"])
        let moment = now()
        let to = try parameters.time("to", now: moment) ?? moment
        guard let from = try parameters.time("from", now: moment) else {
            throw APIError.parameter("from", "must be given")
        }
        let backtest = await KPIBacktest(
            of: judge, from: from, to: min(to, moment), try await definitions(request))
        guard (1...KPIBacktest.ticksMax).contains(backtest.ticks) else {
            throw APIError.parameter(
                "from", "must be 1 to \(KPIBacktest.ticksMax) minutes before to")
        }
        let body = ResponseBody { writer in
            try await backtest.run { finding in
                try await writer.write(ByteBuffer(string: finding.json + "\n"))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    /// - Returns: nil where the body is empty.
    private func definitions(_ request: Request) async throws -> [KPIDefinition]? {
        var reader = try BodyReader(request)
        let body = try await reader.collect(bytesMax: Self.definitionBytesMax, inFlight)
        guard body.readableBytes > 0 else { return nil }
        do throws(DefinitionFaults) {
            return try KPIFile.definitions(String(buffer: body), file: "body")
        } catch {
            throw APIError(.invalidBody, error.description)
        }
    }
}

extension KPIBacktest.Finding {
    fileprivate var json: String {
        switch self {
        case .transition(let change, let wasLive):
            "{\"type\":\"transition\",\"live\":\(wasLive),\(change.members)}"
        case .onlyLive(let change): "{\"type\":\"only_live\",\(change.members)}"
        case .progress(let tick): "{\"type\":\"progress\",\"at\":\"\(tick)\"}"
        case .end(let ticks): "{\"type\":\"end\",\"ticks\":\(ticks)}"
        }
    }
}

extension KPIBacktest.Change {
    fileprivate var members: String {
        "\"at\":\"\(at)\",\"kpi\":\"\(kpi)\",\"tags\":\(tags),\"event\":\"\(type)\",\"from\":\"\(from)\""
            + ",\"to\":\"\(to)\",\"value\":\(value ?? "null")"
    }
}
