import NIOCore

/// One connection: sends a request, waits for its answer, sends the next.
///
/// It stands alone in its channel's pipeline and works on bytes: an HTTP codec and a promise a
/// request would cost more than the requests themselves.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The request whose answer is waited for.
    private struct InFlight {
        let load: Load
        let sentAt: NIODeadline
    }

    private let run: LoadRun
    private var context: ChannelHandlerContext?
    private var parser: ResponseParser
    private var buffer = ByteBuffer()
    private var inFlight: InFlight?
    private var failure: String?

    /// Why it has failed, once it is closed; nil if it has done all that it was asked to.
    var outcome: String? {
        failure ?? (inFlight == nil ? nil : "The server closed the connection before its answer.")
    }

    init(_ run: LoadRun, keeping: BodyKeeping) {
        self.run = run
        parser = ResponseParser(keeping)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    /// Sends the next request when it is due; closes when there is none.
    func sendNext() {
        guard let due = run.nextDue() else { return sendNow() }
        context?.eventLoop.assumeIsolated().scheduleTask(deadline: due) { self.sendNow() }
    }

    private func sendNow() {
        guard let context else { return }
        guard let load = run.encodeNext(into: &buffer) else {
            context.close(promise: nil)
            return
        }
        inFlight = InFlight(load: load, sentAt: .now())
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        sendChunks(context)
    }

    /// Gives up whatever it waits for.
    func abort(_ reason: String) {
        failure = failure ?? reason
        context?.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        do {
            guard let response = try parser.feed(&bytes) else { return }
            receive(response, context)
        } catch {
            abort("The server's answer is not HTTP/1.1 with a length.")
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        sendChunks(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        abort("\(error)")
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    private func receive(_ response: Response, _ context: ChannelHandlerContext) {
        guard let sent = inFlight else { return abort("The server answered without a request.") }
        let now = NIODeadline.now()
        inFlight = nil
        run.record(response, to: sent.load, sentAt: sent.sentAt, at: now)
        // An answer in the middle of a body leaves a connection that nothing more fits into.
        if response.head.closesConnection || run.hasChunksLeft {
            context.close(promise: nil)
        } else {
            sendNext()
        }
    }

    private func sendChunks(_ context: ChannelHandlerContext) {
        while inFlight != nil, context.channel.isWritable, run.encodeChunk(into: &buffer) {
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        }
    }
}
