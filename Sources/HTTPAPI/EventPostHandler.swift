internal import DequeModule
internal import EventFormats
internal import EventLine
internal import HTTPTypes
internal import Intake
internal import NIOCore
internal import NIOHTTPTypes
internal import Pipeline
internal import StrictJSON

/// The short way for what hooks send all day: one small JSON event that is taken.
///
/// It is decoded on the connection's event loop and answered from there when it is on the disk: no task,
/// no thread is changed but for the writer's. Whatever else comes, or cannot be taken, goes on to the
/// router untouched, which knows how to answer it; the answers of both ways are the same to the byte.
///
///     head ─► collecting ─► end ─► underway ─► answer
///               │ not for us        ╰ other requests of this connection wait here
///               ╰──────────► router
final class EventPostHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Larger bodies take the long way: decoding them here would hold up the loop's other connections.
    static let bodyBytesMax = 64 << 10

    private enum Phase {
        case idle
        case collecting(HTTPRequest, ByteBuffer)
        /// Submitted; `closes` where the client asked for an end of the connection.
        case underway(HTTPRequest, ByteBuffer, closes: Bool)
        /// The rest of a request that goes to the router.
        case passing
    }

    private enum Inbound {
        case part(HTTPRequestPart)
        case error(any Error)
        case event(Any)
    }

    private let api: API
    private let doors: DoorRules
    private var intake: EventIntake
    private var date = HTTPDate()
    private var phase = Phase.idle
    /// Requests with the router whose answers are not finished.
    private var routed = 0
    /// What came in while an event was underway.
    private var waiting: Deque<Inbound> = []
    /// Bytes of the body that are accounted for.
    private var held = 0
    private var holdsRead = false

    init(_ api: API, doors: DoorRules) {
        self.api = api
        self.doors = doors
        intake = api.intake
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if case .underway = phase {
            waiting.append(.part(part))
        } else {
            receive(part, context)
        }
    }

    func read(context: ChannelHandlerContext) {
        if case .underway = phase {
            holdsRead = true
        } else {
            context.read()
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { routed -= 1 }
        context.write(data, promise: promise)
    }

    /// The event that is underway is answered first: before the connection is closed by a graceful
    /// shutdown, by a client that has ended its side, or for what it sent behind the event.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .underway = phase {
            waiting.append(.event(event))
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .underway = phase {
            waiting.append(.error(error))
        } else {
            context.fireErrorCaught(error)
        }
    }

    private func receive(_ part: HTTPRequestPart, _ context: ChannelHandlerContext) {
        switch (phase, part) {
        case (.idle, .head(let head)) where isForUs(head) && hold(head):
            phase = .collecting(head, ByteBuffer())
        case (.idle, .head):
            routed += 1
            phase = .passing
            context.fireChannelRead(wrapInboundOut(part))
        case (.collecting(let head, var body), .body(var bytes)):
            body.writeBuffer(&bytes)
            phase = .collecting(head, body)
        case (.collecting(let head, let body), .end):
            if !submit(head, body, context) { route(head, body, context) }
        case (_, .end):
            phase = .idle
            context.fireChannelRead(wrapInboundOut(part))
        default: context.fireChannelRead(wrapInboundOut(part))
        }
    }

    /// Cheap to say; whatever is doubtful is not.
    private func isForUs(_ head: HTTPRequest) -> Bool {
        guard routed == 0, head.method == .post, head.path == "/events",
            let length = head.headerFields[.contentLength].flatMap({ Int($0) }),
            length > 0, length <= Self.bodyBytesMax,
            head.headerFields[.contentType] == "application/json",
            head.headerFields[.contentEncoding] == nil, head.headerFields[.origin] == nil,
            let authority = head.authority, doors.allows(authority: authority)
        else { return false }
        return true
    }
}

// MARK: Bytes in flight

extension EventPostHandler {
    /// - Returns: false where too many bytes are in memory; the router says so.
    private func hold(_ head: HTTPRequest) -> Bool {
        let length = head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        guard (try? api.inFlight.take(length)) != nil else { return false }
        held = length
        return true
    }

    private func releaseHeld() {
        api.inFlight.release(held)
        held = 0
    }

    func channelInactive(context: ChannelHandlerContext) {
        releaseHeld()
        context.fireChannelInactive()
    }
}

// MARK: One event

extension EventPostHandler {
    /// - Returns: false where the event was not taken and nothing has happened.
    private func submit(
        _ head: HTTPRequest, _ body: ByteBuffer, _ context: ChannelHandlerContext
    ) -> Bool {
        var batch = EventBatch()
        do throws(EventFault) {
            let bytes = body.readableBytesUInt8Span
            try intake.take(
                0..<bytes.count, of: bytes, EventIntake.Context(now: api.now()), into: &batch)
        } catch {
            return false
        }
        guard let submission = try? api.pipeline.queue.submit(batch) else { return false }
        let closes = head.headerFields[.connection] == "close"
        phase = .underway(head, body, closes: closes)
        let (dialect, chat) = (intake.dialect, batch.chat(of: 0))
        let loop = context.eventLoop
        let handler = NIOLoopBound((self, context), eventLoop: loop)
        submission.whenDone { result in
            loop.execute {
                let (handler, context) = handler.value
                handler.finish(result, dialect, chat, context)
            }
        }
        return true
    }

    private func finish(
        _ result: Result<BatchOutcome, IngestRefusal>, _ dialect: Dialect?, _ chat: [UInt8]?,
        _ context: ChannelHandlerContext
    ) {
        guard case .underway(let head, let body, let closes) = phase else { return }
        phase = .idle
        releaseHeld()
        switch result {
        case .success(let outcome):
            if !answer(outcome, dialect, chat, closes, context) { route(head, body, context) }
        case .failure(let refusal):
            let error = APIError(refusal)
            write(error.body, error.status, error.headers, closes, context)
        }
        resume(context)
    }

    /// - Returns: false where the stored event, or its transcript, must be read from a file.
    private func answer(
        _ outcome: BatchOutcome, _ dialect: Dialect?, _ chat: [UInt8]?, _ closes: Bool,
        _ context: ChannelHandlerContext
    ) -> Bool {
        guard let result = outcome.results.first, let range = outcome.block.range(of: result.id)
        else { return false }
        let line = outcome.block.bytes.span.extracting(range)
        if case .duplicate = result, ChatNote(line) != nil { return false }
        var body: [UInt8] = []
        if dialect == .reference {
            _ = ReferenceShape.append(line, chat: chat, to: &body)
        } else {
            body.append(contentsOf: line, 0..<(line.count - 1))
        }
        var headers: HTTPFields = [:]
        if case .duplicate = result { headers[.tidemarkDuplicate] = "true" }
        write(body, .ok, headers, closes, context)
        return true
    }

    private func write(
        _ body: [UInt8], _ status: HTTPResponse.Status, _ extra: HTTPFields, _ closes: Bool,
        _ context: ChannelHandlerContext
    ) {
        var headers = extra
        headers[.contentType] = "application/json"
        headers[.contentLength] = String(body.count)
        headers[.date] = date.text(at: api.now())
        if closes { headers[.connection] = "close" }
        let head = HTTPResponse(status: status, headerFields: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
        let written: EventLoopPromise<Void>? = closes ? context.eventLoop.makePromise() : nil
        written?.futureResult.whenComplete { [channel = context.channel] _ in
            channel.close(promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    /// Gives a collected request to the router, as if it had just come.
    private func route(_ head: HTTPRequest, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        releaseHeld()
        phase = .idle
        routed += 1
        context.fireChannelRead(wrapInboundOut(.head(head)))
        context.fireChannelRead(wrapInboundOut(.body(body)))
        context.fireChannelRead(wrapInboundOut(.end(nil)))
        context.fireChannelReadComplete()
    }

    /// The connection goes on with what waited.
    private func resume(_ context: ChannelHandlerContext) {
        while let next = waiting.popFirst() {
            switch next {
            case .part(let part): receive(part, context)
            case .event(let event): context.fireUserInboundEventTriggered(event)
            case .error(let error): context.fireErrorCaught(error)
            }
            if case .underway = phase { return }
            if waiting.isEmpty { context.fireChannelReadComplete() }
        }
        if holdsRead {
            holdsRead = false
            context.read()
        }
    }
}
