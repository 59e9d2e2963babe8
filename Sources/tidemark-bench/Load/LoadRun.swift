import NIOCore
import NIOPosix

/// What a run has measured.
struct Measurement: Sendable {
    let tally: Tally
    let seconds: Double
    /// Of the last answer, where the plan keeps any.
    var lastBody = ByteBuffer()
}

/// One run: opens the connections, starts them together, keeps them busy until the load is used
/// up or the time is over, and counts.
///
/// All of it lives on one event loop thread. The generator shares the machine with what it
/// measures, and a second thread would only take from the server.
final class LoadRun {
    /// A server that has answered nothing and taken nothing for so long will not.
    static let stallSecondsMax: Int64 = 30

    private let plan: LoadPlan
    private let loop: any EventLoop
    private let finished: EventLoopPromise<Measurement>
    private var workload: any Workload
    private var tally = Tally()
    private var connections: [ObjectIdentifier: Connection] = [:]
    private var opening = 0
    /// Nothing more is to be sent; what is in flight is waited for.
    private var isOver = false
    private var isFinished = false
    private var startedAt: NIODeadline?
    private var lastAnswerAt: NIODeadline?
    /// Rises with everything that goes out or comes in.
    private var progress: UInt64 = 0
    private var failuresInRow = 0
    /// Where the plan has a pace: when the last request was due.
    private var lastDue: NIODeadline?
    /// Of the last answer that was kept.
    private var lastBody = ByteBuffer()

    static func measure(_ plan: LoadPlan) async throws -> Measurement {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let result = loop.flatSubmit { LoadRun(plan, loop).start() }
        do {
            let measurement = try await result.get()
            try await group.shutdownGracefully()
            return measurement
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
    }

    private init(_ plan: LoadPlan, _ loop: any EventLoop) {
        self.plan = plan
        self.loop = loop
        finished = loop.makePromise()
        workload = plan.makeWorkload()
    }

    /// The clock starts when all connections stand: dialling is not what is measured.
    private func start() -> EventLoopFuture<Measurement> {
        let dialled = (0..<plan.connections).map { _ in open() }
        EventLoopFuture.whenAllComplete(dialled, on: loop).assumeIsolated().whenSuccess { _ in
            self.begin()
        }
        return finished.futureResult
    }

    private func begin() {
        startedAt = .now()
        scheduleEnd()
        for connection in connections.values { connection.sendNext() }
        watch(since: progress)
        finishIfIdle()
    }

    private func scheduleEnd() {
        guard let end else { return }
        loop.assumeIsolated().scheduleTask(deadline: end) { self.isOver = true }
    }

    private var end: NIODeadline? {
        guard let startedAt, let seconds = plan.secondsMax else { return nil }
        return startedAt + .nanoseconds(Int64(seconds * 1e9))
    }

    /// Ends a run whose server hangs.
    private func watch(since before: UInt64) {
        loop.assumeIsolated().scheduleTask(in: .seconds(Self.stallSecondsMax)) {
            if self.progress == before {
                self.abort("No answer for \(Self.stallSecondsMax) seconds.")
            } else {
                self.watch(since: self.progress)
            }
        }
    }

    private func abort(_ reason: String) {
        isOver = true
        for connection in connections.values { connection.abort(reason) }
    }

    private func finishIfIdle() {
        guard connections.isEmpty, opening == 0, !isFinished, let startedAt else { return }
        isFinished = true
        let end = lastAnswerAt ?? .now()
        let nanoseconds = (end - startedAt).nanoseconds
        finished.succeed(
            Measurement(tally: tally, seconds: Double(nanoseconds) / 1e9, lastBody: lastBody))
    }
}

/// What a connection asks of its run.
extension LoadRun {
    /// What is left of a body after the answer to it, which is then an early one.
    var hasChunksLeft: Bool { workload.hasChunksLeft }

    /// When the next request may go out; nil: at once. Requests that are late do not wait.
    func nextDue() -> NIODeadline? {
        guard let pace = plan.requestsPerMinute, let startedAt else { return nil }
        let due = lastDue.map { $0 + .nanoseconds(Int64(60e9 / pace)) } ?? startedAt
        lastDue = due
        if let end, due >= end { isOver = true }
        return isOver || due <= .now() ? nil : due
    }

    func encodeNext(into buffer: inout ByteBuffer) -> Load? {
        guard !isOver else { return nil }
        progress += 1
        let load = workload.encodeNext(into: &buffer)
        if load == nil { isOver = true }
        return load
    }

    func encodeChunk(into buffer: inout ByteBuffer) -> Bool {
        progress += 1
        return workload.encodeChunk(into: &buffer)
    }

    func record(
        _ response: Response, to load: Load, sentAt: NIODeadline, at now: NIODeadline
    ) {
        progress += 1
        failuresInRow = 0
        lastAnswerAt = now
        let nanoseconds = UInt64(clamping: (now - sentAt).nanoseconds)
        tally.record(response, to: load, nanoseconds: nanoseconds)
        lastBody = response.body
    }
}

/// How a run opens its connections, and what it does without them.
extension LoadRun {
    /// Dials once. The future never fails: a connection that cannot be had is counted.
    private func open() -> EventLoopFuture<Void> {
        opening += 1
        let connection = Connection(self, keeping: plan.keeping)
        return bootstrap(NIOLoopBound(connection, eventLoop: loop))
            .connect(host: plan.server.host, port: plan.server.port)
            .assumeIsolated()
            .map { self.opened(connection, $0) }
            .recover { self.failedToOpen($0) }
            .nonisolated()
    }

    /// The end is the channel's close: a channel that is closed at once never becomes inactive.
    private func opened(_ connection: Connection, _ channel: any Channel) {
        opening -= 1
        connections[ObjectIdentifier(connection)] = connection
        if startedAt != nil { connection.sendNext() }
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.closed(connection) }
    }

    private func closed(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = nil
        if let failure = connection.outcome { recordFailure(failure) }
        goOnWithoutConnection()
    }

    private func failedToOpen(_ error: any Error) {
        opening -= 1
        recordFailure("\(error)")
        goOnWithoutConnection()
    }

    private func recordFailure(_ reason: String) {
        tally.recordConnectionError(reason)
        failuresInRow += 1
    }

    /// Servers may close a connection between two requests; one that refuses them all is gone.
    private func goOnWithoutConnection() {
        guard startedAt != nil else { return }
        if isOver || failuresInRow >= plan.connections { finishIfIdle() } else { _ = open() }
    }

    private func bootstrap(_ connection: NIOLoopBound<Connection>) -> ClientBootstrap {
        ClientBootstrap(group: loop)
            // One answer is all that can come: asking again would be a system call for nothing.
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.writeBufferWaterMark, value: Self.waterMark)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(connection.value)
                }
            }
    }

    /// Two chunks in flight: the next is there when the socket has room again.
    private static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(
        low: LineWorkload.chunkBytes, high: LineWorkload.chunkBytes * 2)
}
