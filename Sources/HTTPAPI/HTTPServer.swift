public import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import WebSocketServer

extension HTTPServerBuilder {
    /// HTTP/1.1 with Tidemark's limits on what a client may take.
    public static func tidemark(_ api: API, doors: DoorRules) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            HTTPConnection(responder: responder, api: api, doors: doors)
        }
    }
}

/// One client's connection, and the handlers that its bytes pass:
///
///     decoder ─► upgrader ─► normalizer ─► deadlines ─► single events ─► router
///
/// A request that may have a WebSocket becomes one in the upgrader; what stands behind it then sleeps.
///
/// Hummingbird's own HTTP/1 channel has no place before the router's types, where the version of HTTP and
/// repeated fields can still be seen.
struct HTTPConnection: ServerChildChannel, HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: HTTPChannelHandler.Responder
    let api: API
    let doors: DoorRules

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false,
                withOutboundHeaderValidation: false, withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: decoderLimits)
            let upgrader = WebSocketUpgrader(
                limits: api.limits.webSocket,
                session: { [api, doors] head, channel in
                    StreamSession(head, channel, api, doors)
                },
                silence: { channel in
                    let pipeline = channel.pipeline.syncOperations
                    let deadlines = try pipeline.context(handlerType: RequestDeadlines.self)
                    pipeline.removeHandler(context: deadlines, promise: nil)
                })
            try pipeline.addHandlers([
                upgrader, RequestNormalizer(), HTTP1ToHTTPServerCodec(secure: false),
                RequestDeadlines(api.limits), EventPostHandler(api, doors: doors),
                HTTPConnectionStateHandler(logger: logger),
            ])
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    func handle(value: Value, logger: Logger) async {
        await handleHTTP(asyncChannel: value, logger: logger)
    }

    private var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = api.limits.headerBytesMax
        limits.maxHeaderListSize = api.limits.headerBytesMax
        limits.maxHeaderFieldCount = api.limits.headerFieldsMax
        return limits
    }
}
