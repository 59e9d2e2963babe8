internal import Foundation
internal import Hummingbird
internal import KPI
internal import NIOCore
internal import Pipeline
internal import Storage
internal import StrictJSON
internal import TimeSeries

/// `/kpis`, `/alerts` and `/silences`.
extension API {
    @Sendable func getKPIs(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        let standings = await judge.standings
        let tick = await judge.lastTick
        var json = "{\"judged_at\":\(tick.quoted),\"kpis\":["
        json += standings.map(\.json).joined(separator: ",")
        return .json(Array((json + "]}").utf8))
    }

    // MARK: Alerts

    @Sendable func getAlerts(_ request: Request, _ context: Context) async throws -> Response {
        let parameters = try Parameters(
            request, known: ["state", "kpi", "from", "to", "before", "limit"])
        var query = EpisodeQuery()
        if let state = parameters["state"] {
            query.state = EpisodeRow.State(rawValue: state)
            guard query.state != nil else {
                throw APIError.parameter("state", "must be firing, resolved or expired")
            }
        }
        query.kpi = parameters["kpi"]
        query.from = try parameters.time("from", now: now())
        query.to = try parameters.time("to", now: now())
        query.before = try parameters.number("before", in: 1...Int.max).map(Int64.init)
        query.limit = try parameters.number("limit", in: 1...1_000) ?? 100
        let episodes = try await stored { [query] () throws(StorageError) in
            try await judge.store.episodes(query)
        }
        var json = "{\"alerts\":[" + episodes.map(\.json).joined(separator: ",") + "],\"next\":"
        let isFull = episodes.count == query.limit
        json += isFull ? episodes.last.map { "\($0.id)" } ?? "null" : "null"
        return .json(Array((json + "}").utf8))
    }

    @Sendable func getAlert(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        let id = try Self.number(context, "id")
        let found = try await stored { () throws(StorageError) in try await judge.store.episode(id)
        }
        guard let found else { throw APIError(.notFound, "there is no alert of this id") }
        let history = found.transitions.map(\.json).joined(separator: ",")
        let json = found.episode.json.dropLast() + ",\"history\":[\(history)]}"
        return .json(Array(json.utf8))
    }

    @Sendable func postAcknowledgement(
        _ request: Request, _ context: Context
    ) async throws -> Response {
        _ = try Parameters(request, known: [])
        let id = try Self.number(context, "id")
        struct Body: Decodable { let by: String }
        let body: Body = try await decoded(request, hint: "{\"by\":\"who has seen it\"}")
        guard (1...Self.nameBytesMax).contains(body.by.utf8.count) else {
            throw APIError(.invalidBody, "by: must be a name of 1 to \(Self.nameBytesMax) bytes")
        }
        let moment = now()
        let episode = try await stored { () throws(StorageError) in
            try await judge.store.acknowledge(id, by: body.by, at: moment)
        }
        guard let episode else { throw APIError(.notFound, "there is no alert of this id") }
        return .json(Array(episode.json.utf8))
    }

    // MARK: Silences

    @Sendable func getSilences(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        let silences = try await stored { () throws(StorageError) in
            try await judge.store.silences()
        }
        let moment = now()
        let json = silences.map { $0.json(moment) }.joined(separator: ",")
        return .json(Array("{\"silences\":[\(json)]}".utf8))
    }

    @Sendable func postSilence(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        struct Body: Decodable {
            var kpi: String?
            var level: String?
            var tags: [String: String]?
            let until: String
            let by: String
            var comment: String?
        }
        let body: Body = try await decoded(
            request,
            hint: "{\"kpi\":\"hook.latency\",\"until\":\"2026-01-31T10:00:00Z\",\"by\":\"me\"}")
        let moment = now()
        guard let until = Timestamp(rfc3339: body.until), until > moment else {
            throw APIError(.invalidBody, "until: must be a moment to come, as RFC 3339")
        }
        guard body.kpi != nil || body.level != nil || !(body.tags ?? [:]).isEmpty else {
            throw APIError(
                .invalidBody, "kpi, level or tags: one of them must say what is silenced")
        }
        guard ["alert", "critical", nil].contains(body.level) else {
            throw APIError(.invalidBody, "level: must be alert or critical")
        }
        guard (1...Self.nameBytesMax).contains(body.by.utf8.count) else {
            throw APIError(.invalidBody, "by: must be a name of 1 to \(Self.nameBytesMax) bytes")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let matcher = try encoder.encode(
            SilenceMatcher(kpi: body.kpi, level: body.level, tags: body.tags))
        let row = SilenceRow(
            matcher: String(decoding: matcher, as: UTF8.self), until: until, by: body.by,
            comment: body.comment ?? "", createdAt: moment)
        let silence = try await stored { () throws(StorageError) in try await judge.store.add(row) }
        return .json(Array(silence.json(moment).utf8))
    }

    @Sendable func deleteSilence(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        let id = try Self.number(context, "id")
        let isRemoved = try await stored { () throws(StorageError) in
            try await judge.store.removeSilence(id)
        }
        guard isRemoved else { throw APIError(.notFound, "there is no silence of this id") }
        return Response(status: .noContent)
    }

    private static let nameBytesMax = 200
    private static let bodyBytesMax = 16 << 10

    private func stored<Value>(
        _ body: () async throws(StorageError) -> Value
    ) async throws -> Value {
        do throws(StorageError) {
            return try await body()
        } catch {
            throw APIError(.storeUnavailable, error.description)
        }
    }

    private static func number(_ context: Context, _ name: String) throws -> Int64 {
        guard let number = context.parameters.get(name).flatMap({ Int64($0) }), number > 0 else {
            throw APIError(.notFound, "an id is a whole number")
        }
        return number
    }

    private func decoded<Body: Decodable>(
        _ request: Request, hint: String
    ) async throws -> Body {
        var reader = try BodyReader(request)
        let body = try await reader.collect(bytesMax: Self.bodyBytesMax, inFlight)
        let bytes = Array(body.readableBytesView)
        do {
            return try JSONDecoder().decode(Body.self, from: Data(bytes))
        } catch {
            throw APIError(.invalidBody, "must be JSON like \(hint)")
        }
    }
}

// MARK: JSON

extension Timestamp? {
    fileprivate var quoted: String { map { "\"\($0)\"" } ?? "null" }
}

extension String? {
    fileprivate var quoted: String { map(\.quoted) ?? "null" }
}

extension String {
    fileprivate var quoted: String {
        JSONString.token(self)
    }
}

extension KPIJudge.Standing {
    fileprivate var json: String {
        let kpi = definition
        var json = "{\"kpi\":\(kpi.name.quoted),\"text\":\(kpi.text.quoted)"
        switch kpi.source {
        case .metric(let metric, let aggregation):
            json += ",\"metric\":\(metric.quoted),\"aggregation\":\(aggregation.name.quoted)"
        case .ratio(let part, let whole):
            json += ",\"ratio\":{\"of\":\(part.quoted),\"to\":\(whole.quoted)}"
        }
        json += ",\"window_seconds\":\(kpi.windowMilliseconds / 1_000),\"unit\":\(unit.quoted)"
        json += ",\"good\":\"\(kpi.good.rawValue)\",\"thresholds\":{"
        json += "\"target\":\(kpi.target?.decimal() ?? "null"),\"alert\":\(kpi.alert.decimal())"
        json += ",\"critical\":\(kpi.critical?.decimal() ?? "null")},\"groups\":["
        json += groups.map { group in
            "{\"tags\":\(group.tags),\"status\":\"\(group.status.rawValue)\""
                + ",\"since\":\"\(group.since)\",\"value\":\(group.value ?? "null")"
                + ",\"damped\":\(group.isDamped)"
                + ",\"alert_id\":\(group.alertID.map(String.init) ?? "null")}"
        }.joined(separator: ",")
        return json + "]}"
    }
}

extension EpisodeRow {
    fileprivate var json: String {
        "{\"id\":\(id),\"kpi\":\(kpi.quoted),\"tags\":\(tags),\"level\":\"\(level.rawValue)\""
            + ",\"state\":\"\(state.rawValue)\",\"started_at\":\"\(startedAt)\""
            + ",\"ended_at\":\(endedAt.quoted),\"peak\":\(peak ?? "null")"
            + ",\"peak_at\":\(peakAt.quoted),\"acknowledged_by\":\(acknowledgedBy.quoted)"
            + ",\"acknowledged_at\":\(acknowledgedAt.quoted),\"query\":\(query.quoted)}"
    }
}

extension TransitionRow {
    fileprivate var json: String {
        "{\"seq\":\(seq),\"at\":\"\(at)\",\"type\":\"\(type)\",\"from\":\"\(from)\",\"to\":\"\(to)\""
            + ",\"value\":\(value ?? "null"),\"log_id\":\(logID),\"told\":\(notifies && !silenced)"
            + ",\"silenced\":\(silenced)}"
    }
}

extension SilenceRow {
    fileprivate func json(_ now: Timestamp) -> String {
        "{\"id\":\(id),\"matcher\":\(matcher),\"until\":\"\(until)\",\"by\":\(by.quoted)"
            + ",\"comment\":\(comment.quoted),\"created_at\":\"\(createdAt)\""
            + ",\"active\":\(now < until)}"
    }
}
