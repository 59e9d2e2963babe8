import NIOCore

/// Posts one event at a time.
final class StreamSender: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let run: StreamRun
    private var parser = ResponseParser(.failures)
    private var context: ChannelHandlerContext?
    private var isUnanswered = false

    init(_ run: StreamRun) { self.run = run }

    func channelActive(context: ChannelHandlerContext) { self.context = context }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        run.left(self, isUnanswered: isUnanswered)
    }

    func close() { context?.close(promise: nil) }

    func post(number: Int) {
        guard let context else { return }
        isUnanswered = true
        let command = "swift build --product tidemark && scripts/check --quick && git diff --stat"
        let body =
            "{\"type\":\"PreToolUse\",\"source_app\":\"app-\(number % 10)\",\"session_id\":"
            + "\"session-\(number % 50)\",\"event_id\":\"\(run.name)-\(number)\",\"data\":{\"tool_name\":"
            + "\"Bash\",\"cwd\":\"/home/dev/src/app-\(number % 10)\",\"tool_input\":{\"command\":"
            + "\"\(command)\",\"description\":\"Build it, check it, show what has changed\"}}}"
        var bytes = ByteBuffer()
        bytes.writeString(
            "POST /events HTTP/1.1\r\nHost: \(run.plan.server.authority)\r\nContent-Type: "
                + "application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        do {
            guard let response = try parser.feed(&bytes) else { return }
            isUnanswered = false
            run.posted(self, isTaken: response.head.status == 200)
        } catch {
            context.close(promise: nil)
        }
    }
}
