internal import DequeModule
internal import NIOCore
internal import NIOHTTP1

/// Says in one way what clients say in many about their connection (RFC 9110, 9112), so that the
/// handlers behind it need to know that way only.
///
/// - A request that is the last of its connection has `Connection: close`, exactly: where its client
///   wrote it in a list or in capitals, speaks HTTP/1.0, or asks for an upgrade (there is none, and the
///   decoder reads nothing behind such a request). What comes behind it is dropped.
/// - A request has one Host or none: of two nobody could tell which one counts.
/// - `Expect: 100-continue` is answered here.
final class RequestNormalizer: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The versions of the requests that are not answered yet.
    private var unanswered: Deque<HTTPVersion> = []
    private var hasLastHead = false
    private var isPastLast = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isPastLast else { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            answerExpectation(of: &head, context)
            normalize(&head)
            unanswered.append(head.version)
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body: context.fireChannelRead(data)
        case .end:
            isPastLast = hasLastHead
            context.fireChannelRead(data)
        }
    }

    /// The decoder calls what stands behind a last request an error.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !isPastLast { context.fireErrorCaught(error) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            // In HTTP/1.0 a body of unknown length ends with the connection.
            head.version = unanswered.first ?? .http1_1
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            _ = unanswered.popFirst()
            context.write(data, promise: promise)
        }
    }

    private func normalize(_ head: inout HTTPRequestHead) {
        hasLastHead =
            head.version != .http1_1 || head.headers.contains(name: "Upgrade")
            || head.headers[canonicalForm: "Connection"].contains { $0.lowercased() == "close" }
        head.headers.remove(name: "Connection")
        if hasLastHead { head.headers.add(name: "Connection", value: "close") }
        if head.headers["Host"].count > 1 { head.headers.remove(name: "Host") }
    }

    /// Not while an earlier request waits for its answer: the word would come before it.
    private func answerExpectation(of head: inout HTTPRequestHead, _ context: ChannelHandlerContext)
    {
        guard head.headers.first(name: "Expect")?.lowercased() == "100-continue" else { return }
        head.headers.remove(name: "Expect")
        guard head.version == .http1_1, unanswered.isEmpty else { return }
        let word = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(word)), promise: nil)
    }
}
