public import NIOCore
public import NIOWebSocket

/// What is spoken over a connection. All of it is called on the connection's event loop.
public protocol WebSocketSession: AnyObject {
    /// The handshake is done.
    func opened(_ connection: WebSocketConnection)
    func received(_ text: ByteBuffer)
    /// What was written has left the process so far that more may be written.
    func becameWritable()
    /// Nothing can be sent any more.
    func closed()
}

/// A server's side of a WebSocket: control frames, time-outs and the closing handshake. What is written is
/// bytes that are frames already, so that they can be made once for many connections.
///
///     open ──close()──► closing ──the peer's close, or a time-out──► closed
///       ╰──the peer's close──► answered ──► closed
public final class WebSocketConnection: ChannelDuplexHandler, RemovableChannelHandler {
    public typealias InboundIn = WebSocketFrame
    public typealias InboundOut = Never
    public typealias OutboundIn = Never
    public typealias OutboundOut = ByteBuffer

    public struct Limits: Sendable {
        public var messageBytesMax = 64 << 10
        /// Between two pings.
        public var pingSeconds = 15
        /// Without a word of the peer, although it was asked for one.
        public var silenceSecondsMax = 60
        /// For the peer's part of the closing handshake.
        public var closeSecondsMax = 2

        public init() {}
    }

    private enum Phase { case open, closing, closed }

    private let session: any WebSocketSession
    private let limits: Limits
    private var assembler: MessageAssembler
    private var context: ChannelHandlerContext?
    private var phase = Phase.open
    private var heardAt = NIODeadline.uptimeNanoseconds(0)
    private var pings: RepeatedTask?
    private var holdsRead = false

    public init(_ session: any WebSocketSession, limits: Limits) {
        self.session = session
        self.limits = limits
        assembler = MessageAssembler(messageBytesMax: limits.messageBytesMax)
    }

    public func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        heardAt = context.eventLoop.now
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        let delay = TimeAmount.seconds(Int64(limits.pingSeconds))
        pings = context.eventLoop.scheduleRepeatedTask(initialDelay: delay, delay: delay) { _ in
            connection.value.ping()
        }
        session.opened(self)
    }

    public func handlerRemoved(context: ChannelHandlerContext) { end() }

    public func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        guard context != nil else { return }
        phase = .closed
        pings?.cancel()
        context = nil
        session.closed()
    }

    // MARK: What comes in

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        heardAt = context.eventLoop.now
        guard phase != .closed else { return }
        do throws(WebSocketFault) {
            guard let input = try assembler.take(unwrapInboundIn(data)) else { return }
            handle(input, context)
        } catch {
            fail(error)
        }
    }

    private func handle(_ input: WebSocketInput, _ context: ChannelHandlerContext) {
        switch input {
        case .text(let text): if phase == .open { session.received(text) }
        case .ping(let data): if phase == .open { send(.pong, data, context) }
        case .pong: break
        case .close(let code):
            let isAnswer = phase == .closing
            phase = .closed
            if isAnswer { return context.close(promise: nil) }
            sendClose(code, "", context)
            context.close(promise: nil)
        }
    }

    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? NIOWebSocketError {
            fail(WebSocketFault(error))
        } else {
            context.close(promise: nil)
        }
    }

    /// What a faulty peer says then is of no interest.
    private func fail(_ fault: WebSocketFault) {
        guard phase == .open, let context else { return }
        sendClose(fault.code, fault.reason, context)
        phase = .closed
        context.close(mode: .output, promise: nil)
        closeLater(context)
    }

    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: close(.goingAway, "the server is shutting down")
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: What goes out

    public var isWritable: Bool { phase == .open && context?.channel.isWritable ?? false }

    /// Bytes that the kernel has not taken yet.
    public var bufferedBytes: Int {
        let options = context?.channel.syncOptions
        return (try? options?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// - Parameter frames: whole frames. They leave with `flush`.
    public func write(_ frames: ByteBuffer) {
        context?.write(wrapOutboundOut(frames), promise: nil)
    }

    public func flush() { context?.flush() }

    /// Calls `body` when everything that was written is with the kernel.
    public func whenWritten(_ body: @escaping @Sendable () -> Void) {
        guard let context else { return }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenSuccess(body)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: promise)
    }

    /// Begins the closing handshake.
    public func close(_ code: WebSocketErrorCode, _ reason: String) {
        guard phase == .open, let context else { return }
        phase = .closing
        sendClose(code, reason, context)
        closeLater(context)
    }

    /// The peer wants more than it may have.
    public func refuse(_ reason: String) { close(.policyViolation, reason) }

    private func closeLater(_ context: ChannelHandlerContext) {
        let channel = context.channel
        context.eventLoop.scheduleTask(in: .seconds(Int64(limits.closeSecondsMax))) {
            channel.close(promise: nil)
        }
    }

    private func sendClose(
        _ code: WebSocketErrorCode, _ reason: String, _ context: ChannelHandlerContext
    ) {
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        data.writeString(reason)
        send(.connectionClose, data, context)
    }

    /// - Parameter data: at most 125 bytes.
    private func send(_ opcode: ControlOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext)
    {
        var frame = ByteBuffer()
        frame.writeInteger(0x80 | opcode.rawValue)
        frame.writeInteger(UInt8(data.readableBytes))
        frame.writeImmutableBuffer(data)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    private enum ControlOpcode: UInt8 {
        case connectionClose = 0x8
        case ping = 0x9
        case pong = 0xA
    }

    private func ping() {
        guard let context else { return }
        if context.eventLoop.now - heardAt > .seconds(Int64(limits.silenceSecondsMax)) {
            context.close(promise: nil)
        } else if phase == .open {
            send(.ping, ByteBuffer(), context)
        }
    }

    // MARK: Pressure

    /// Who does not read is not read from: its answers would pile up.
    public func read(context: ChannelHandlerContext) {
        if context.channel.isWritable { context.read() } else { holdsRead = true }
    }

    public func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        if phase == .open { session.becameWritable() }
        guard holdsRead else { return }
        holdsRead = false
        context.read()
    }
}
