public import NIOCore
public import NIOHTTP1
internal import NIOWebSocket

/// Turns a connection of HTTP/1.1 into a WebSocket where a request asks for it and may have it. All other
/// requests pass, also those that ask and may not: whoever answers requests tells them why.
///
/// It stands directly behind NIO's HTTP handlers, where a request's own words can still be seen:
///
///     decoder ─► upgrader ─► the rest of HTTP          before
///     frames ─► connection ─► the rest, asleep         after
public final class WebSocketUpgrader: ChannelDuplexHandler, RemovableChannelHandler {
    public typealias InboundIn = HTTPServerRequestPart
    public typealias InboundOut = HTTPServerRequestPart
    public typealias OutboundIn = HTTPServerResponsePart
    public typealias OutboundOut = HTTPServerResponsePart

    private let limits: WebSocketConnection.Limits
    /// Makes a session for a request that may have one; nil for every other.
    private let session: (HTTPRequestHead, any Channel) -> (any WebSocketSession)?
    /// Ends what would bother a sleeping connection.
    private let silence: (any Channel) throws -> Void
    /// Requests that are not answered.
    private var unanswered = 0
    private var accepted: HTTPRequestHead?

    public init(
        limits: WebSocketConnection.Limits,
        session: @escaping (HTTPRequestHead, any Channel) -> (any WebSocketSession)?,
        silence: @escaping (any Channel) throws -> Void
    ) {
        self.limits = limits
        self.session = session
        self.silence = silence
    }

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where unanswered == 0 && Self.asks(head):
            accepted = head
        case .head:
            unanswered += 1
            context.fireChannelRead(data)
        case .end(let trailers):
            if let head = accepted, !upgrade(head, context) {
                unanswered += 1
                context.fireChannelRead(wrapInboundOut(.head(head)))
                context.fireChannelRead(wrapInboundOut(.end(trailers)))
            } else if accepted == nil {
                context.fireChannelRead(data)
            }
            accepted = nil
        case .body: if accepted == nil { context.fireChannelRead(data) }
        }
    }

    public func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        if case .end = unwrapOutboundIn(data) { unanswered -= 1 }
        context.write(data, promise: promise)
    }

    /// RFC 6455, section 4.2.1.
    static func asks(_ head: HTTPRequestHead) -> Bool {
        let headers = head.headers
        let key = headers["Sec-WebSocket-Key"]
        return head.method == .GET && head.version == .http1_1
            && headers[canonicalForm: "Upgrade"].contains { $0.lowercased() == "websocket" }
            && headers[canonicalForm: "Connection"].contains { $0.lowercased() == "upgrade" }
            && headers["Sec-WebSocket-Version"] == ["13"]
            && key.count == 1 && isKey(key[0])
            && headers["Content-Length"].allSatisfy { $0 == "0" }
            && headers["Transfer-Encoding"].isEmpty && headers["Host"].count == 1
    }

    /// 16 bytes in base64.
    private static func isKey(_ text: String) -> Bool {
        let letters = text.utf8.prefix { byte in
            byte &- UInt8(ascii: "A") < 26 || byte &- UInt8(ascii: "a") < 26
                || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "+")
                || byte == UInt8(ascii: "/")
        }
        return letters.count == 22 && text.utf8.count == 24 && text.hasSuffix("==")
    }

    // MARK: The upgrade

    private func upgrade(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) -> Bool {
        guard let session = session(head, context.channel) else { return false }
        let headers = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        ).buildUpgradeResponse(
            channel: context.channel, upgradeRequest: head, initialResponseHeaders: [:])
        let bound = NIOLoopBound((self, context, session), eventLoop: context.eventLoop)
        headers.flatMap { headers in
            let (handler, context, _) = bound.value
            return handler.removeDecoder(context).map { headers }
        }.whenComplete { result in
            let (handler, context, session) = bound.value
            do {
                try handler.finish(result.get(), session, context)
            } catch {
                context.close(promise: nil)
            }
        }
        return true
    }

    /// Before the answer: what the client sends behind it would still go to the decoder of HTTP, which is not
    /// gone at once.
    private func removeDecoder(_ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
        let pipeline = context.pipeline.syncOperations
        let gone = context.eventLoop.makePromise(of: Void.self)
        do {
            let decoder = try pipeline.context(
                handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
            pipeline.removeHandler(context: decoder, promise: gone)
        } catch {
            gone.fail(error)
        }
        return gone.futureResult
    }

    private func finish(
        _ headers: HTTPHeaders, _ session: any WebSocketSession, _ context: ChannelHandlerContext
    ) throws {
        let response = HTTPResponseHead(
            version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        let pipeline = context.pipeline.syncOperations
        try silence(context.channel)
        pipeline.removeHandler(
            context: try pipeline.context(handlerType: HTTPResponseEncoder.self), promise: nil)
        let decoder = WebSocketFrameDecoder(maxFrameSize: limits.messageBytesMax)
        let connection = WebSocketConnection(session, limits: limits)
        try pipeline.addHandlers(
            [ByteToMessageHandler(decoder), connection], position: .after(self))
        pipeline.removeHandler(context: context, promise: nil)
    }
}
