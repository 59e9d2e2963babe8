internal import NIOCore
internal import NIOHTTPTypes

/// Ends connections whose requests do not come in time, so that a slow or silent peer costs a connection
/// for seconds, not for ever.
///
/// A time is running only while the server itself wants to read: a request that waits for the disk is not
/// the client's fault.
final class RequestDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart

    private enum Phase {
        case awaitingFirstHead
        case readingBody
        case answering
        case awaitingNextHead
    }

    private let firstHead, bodyIdle, nextHead: TimeAmount
    private var phase = Phase.awaitingFirstHead
    private var wantsToRead = false
    /// Requests that are not answered yet.
    private var unanswered = 0
    private var deadline: Scheduled<Void>?

    init(_ limits: APILimits) {
        firstHead = .seconds(Int64(limits.headerSecondsMax))
        bodyIdle = .seconds(Int64(limits.bodyIdleSecondsMax))
        nextHead = .seconds(Int64(limits.keepAliveSecondsMax))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { restart(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelActive(context: ChannelHandlerContext) {
        restart(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        wantsToRead = false
        switch unwrapInboundIn(data) {
        case .head:
            unanswered += 1
            phase = .readingBody
        case .body: phase = .readingBody
        case .end: phase = unanswered == 0 ? .awaitingNextHead : .answering
        }
        restart(context)
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        if !wantsToRead {
            wantsToRead = true
            if phase == .readingBody { restart(context) }
        }
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unanswered -= 1
            if phase == .answering, unanswered == 0 {
                phase = .awaitingNextHead
                restart(context)
            }
        }
        context.write(data, promise: promise)
    }

    private func restart(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        guard let time else { return }
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    private var time: TimeAmount? {
        switch phase {
        case .awaitingFirstHead: firstHead
        case .readingBody: wantsToRead ? bodyIdle : nil
        case .answering: nil
        case .awaitingNextHead: nextHead
        }
    }
}
