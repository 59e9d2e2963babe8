internal import EventLog
internal import HTTPTypes
internal import Hummingbird
internal import Pipeline
internal import StrictJSON
internal import TimeSeries

/// Is it alive, is it ready, which one is it.
extension API {
    @Sendable func getHealth(_ request: Request, _ context: Context) async throws -> Response {
        .json("{\"status\":\"ok\"}".utf8)
    }

    /// Replayed and able to write. It listens only after the log was replayed, so the last group decides.
    @Sendable func getReadiness(_ request: Request, _ context: Context) async throws -> Response {
        if let failure = pipeline.health.report.failure {
            throw APIError(
                .logUnavailable, "the event log cannot be written (\(failure.code.rawValue))")
        }
        guard pipeline.disk.report.pressure < .full else { throw APIError.noSpace }
        guard await engine.isReplayed else {
            throw APIError(.foldsBehind, "the log is being counted")
        }
        return .json("{\"status\":\"ready\",\"last_id\":\(pipeline.log.lastID)}".utf8)
    }

    @Sendable func getVersion(_ request: Request, _ context: Context) async throws -> Response {
        var body = Array("{\"name\":\"tidemark\",\"version\":".utf8)
        JSONString.encode(identity.version, appendingTo: &body)
        body += Array(",\"log_id\":".utf8)
        JSONString.encode(identity.logID, appendingTo: &body)
        body.append(UInt8(ascii: "}"))
        return .json(body)
    }

    @Sendable func getOpenAPI(_ request: Request, _ context: Context) async throws -> Response {
        .bytes(PackageResources.openapi_yaml, type: "application/yaml")
    }

    @Sendable func index(_ request: Request, _ context: Context) async throws -> Response {
        .bytes(
            """
            Tidemark \(identity.version) keeps the events of coding agents.

            POST /events                  one event, an array, or NDJSON
            GET  /events                  the newest events; ?session_id= ?source_app= ?type= ?q= …
            GET  /events/filter-options   what there is to filter by
            GET  /webhooks                who is told of alerts
            GET  /openapi.yaml            all of it, precisely

            """.utf8, type: "text/plain; charset=utf-8")
    }
}
