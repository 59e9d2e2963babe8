internal import EventLog
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Pipeline
internal import ServiceLifecycle
internal import Streams
internal import TimeSeries

/// What comes while one listens: server-sent events, and what `/stream` says to who speaks no WebSocket.
extension API {
    private static let streamParameters: Set = [
        "session_id", "source_app", "type", "agent_id", "from", "to", "q",
    ]

    @Sendable func getStream(_ request: Request, _ context: Context) async throws -> Response {
        let parameters = try Parameters(request, known: ["dialect"])
        guard parameters["dialect"].map({ $0 == "reference" }) ?? true else {
            throw APIError.parameter("dialect", "can be reference")
        }
        var error = APIError(
            .upgradeRequired, "this path speaks WebSocket (RFC 6455, version 13)")
        error.headers[.upgrade] = "websocket"
        error.headers[.secWebSocketVersion] = "13"
        throw error
    }

    @Sendable func getEventStream(_ request: Request, _ context: Context) async throws -> Response {
        let parameters = try Parameters(
            request, known: Self.streamParameters, repeatable: Self.repeatableFilters)
        let filter = try eventQuery(parameters).filter
        let since = try Self.lastEventID(request)
        if let since, since > pipeline.log.lastID.value {
            throw APIError(
                .sinceUnknown, "Last-Event-ID is beyond the log's last event: it is of another log")
        }
        return serverSent(
            Subscription(
                id: "events", streams: [.event], events: filter, since: since.map { EventID($0) }))
    }

    @Sendable func getAlertStream(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        return serverSent(
            Subscription(
                id: "alerts", streams: [.alert], sinceAlert: try Self.lastEventID(request)))
    }

    private static func lastEventID(_ request: Request) throws(APIError) -> UInt64? {
        guard let text = request.headers[.lastEventID], !text.isEmpty else { return nil }
        return try Parameters.id("Last-Event-ID", text).value
    }

    /// The stream of one subscription, as long as the client stays and the server runs.
    private func serverSent(_ subscription: Subscription) -> Response {
        let body = ResponseBody { writer in
            let mailbox = FrameMailbox()
            let queue = ClientQueue(
                format: .serverSent, lane: -1, limits: pipeline.streamLimits.queue,
                onReady: { mailbox.signal() })
            pipeline.streams.connect(queue)
            defer { pipeline.streams.disconnect(queue) }
            _ = pipeline.streams.handle(.subscribe(subscription), from: queue)
            try await withGracefulShutdownHandler {
                while !queue.isFinished {
                    try await write(queue, to: &writer)
                    await mailbox.wait()
                }
            } onGracefulShutdown: {
                queue.finish()
            }
            try await writer.finish(nil)
        }
        let headers: HTTPFields = [
            .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store",
        ]
        return Response(status: .ok, headers: headers, body: body)
    }

    private func write(
        _ queue: ClientQueue, to writer: inout any ResponseBodyWriter
    ) async throws {
        while let frames = queue.next() {
            try await writer.write(frames.bytes)
            if let acknowledged = frames.acknowledged {
                pipeline.telemetry.streamed(after: .now - acknowledged, at: now())
            }
        }
    }
}

extension HTTPField.Name {
    fileprivate static let lastEventID = Self("Last-Event-ID")!
}
