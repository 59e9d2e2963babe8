import NIOCore
import NIOPosix

/// One run, all of it on one event loop.
final class StreamRun {
    /// Connections that post, each with one request in flight.
    private static let senderCount = 32
    /// After the last post, so long without a frame is the end.
    private static let quietSecondsMax: Int64 = 5
    private static let tick = TimeAmount.milliseconds(1)

    let plan: StreamPlan
    private let loop: any EventLoop
    private let finished: EventLoopPromise<StreamOutcome>
    /// By the number of the event, when it was posted.
    private var sentAt: [NIODeadline] = []
    private var listeners: [StreamListener] = []
    private var senders: [StreamSender] = []
    private var idle: [StreamSender] = []
    private var startedAt = NIODeadline.uptimeNanoseconds(0)
    private var heardAt = NIODeadline.uptimeNanoseconds(0)
    private(set) var outcome = StreamOutcome()
    /// Tells this run's events from all others.
    let name = "b\(UInt32.random(in: 0 ... .max))"
    private(set) lazy var nameLength = name.utf8.count

    static func measure(_ plan: StreamPlan) async throws -> StreamOutcome {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let outcome = try await loop.flatSubmit { () -> EventLoopFuture<StreamOutcome> in
            StreamRun(plan, loop).start()
        }.get()
        try await group.shutdownGracefully()
        return outcome
    }

    private init(_ plan: StreamPlan, _ loop: any EventLoop) {
        self.plan = plan
        self.loop = loop
        finished = loop.makePromise()
        sentAt.reserveCapacity(plan.events)
    }

    private func start() -> EventLoopFuture<StreamOutcome> {
        listeners = (0..<plan.clients).map { StreamListener(self, isStalled: $0 < plan.stalled) }
        senders = (0..<Self.senderCount).map { _ in StreamSender(self) }
        let bound = NIOLoopBound(self, eventLoop: loop)
        connect(senders)
            .flatMap { bound.value.connect(bound.value.listeners) }
            .flatMap {
                EventLoopFuture.andAllSucceed(
                    bound.value.listeners.map(\.subscribed.futureResult), on: bound.value.loop)
            }
            .whenComplete { result in
                switch result {
                case .success: bound.value.begin()
                case .failure(let error): bound.value.finished.fail(error)
                }
            }
        return finished.futureResult
    }

    private func connect(_ handlers: [some ChannelInboundHandler]) -> EventLoopFuture<Void> {
        EventLoopFuture.andAllSucceed(
            handlers.map { handler in
                let bound = NIOLoopBound(handler, eventLoop: loop)
                return ClientBootstrap(group: loop)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(bound.value)
                        }
                    }
                    .connect(host: plan.server.host, port: plan.server.port).map { _ in }
            }, on: loop)
    }

    func makePromise() -> EventLoopPromise<Void> { loop.makePromise() }

    // MARK: Posting

    private func begin() {
        for listener in listeners where listener.isStalled { listener.stall(true) }
        idle = senders
        startedAt = .now()
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleRepeatedTask(initialDelay: Self.tick, delay: Self.tick) { task in
            bound.value.post()
            if bound.value.outcome.sent == bound.value.plan.events {
                task.cancel()
                bound.value.finishPosting()
            }
        }
    }

    private func post() {
        let elapsed = Double((NIODeadline.now() - startedAt).nanoseconds) / 1e9
        let due = min(plan.events, Int(elapsed * plan.rate))
        // In turn: a connection that is never used would be closed.
        while outcome.sent < due, !idle.isEmpty {
            let sender = idle.removeFirst()
            sentAt.append(.now())
            sender.post(number: outcome.sent)
            outcome.sent += 1
        }
    }

    func posted(_ sender: StreamSender, isTaken: Bool) {
        if !isTaken { outcome.refused += 1 }
        idle.append(sender)
        post()
    }

    /// Its connection is gone, perhaps with an event that nobody acknowledged.
    func left(_ sender: StreamSender, isUnanswered: Bool) {
        idle.removeAll { $0 === sender }
        if isUnanswered { outcome.refused += 1 }
    }

    private func finishPosting() {
        outcome.seconds = Double((NIODeadline.now() - startedAt).nanoseconds) / 1e9
        heardAt = .now()
        for listener in listeners where listener.isStalled { listener.stall(false) }
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleRepeatedTask(initialDelay: .milliseconds(100), delay: .milliseconds(100)) {
            task in
            let run = bound.value
            let quiet = (NIODeadline.now() - run.heardAt).nanoseconds
            let hasAll = run.listeners.allSatisfy { $0.events + $0.dropped >= run.outcome.sent }
            guard hasAll || quiet > Self.quietSecondsMax * 1_000_000_000 else { return }
            task.cancel()
            run.finish()
        }
    }

    private func finish() {
        for listener in listeners {
            outcome.delivered += listener.events
            outcome.dropped += listener.dropped
            outcome.doubled += listener.doubled
            outcome.metricFrames += listener.metricFrames
            outcome.lost += max(0, outcome.sent - listener.events - listener.dropped)
        }
        for listener in listeners { listener.close() }
        for sender in senders { sender.close() }
        finished.succeed(outcome)
    }

    /// - Parameter isCounted: of a client that has read all the time.
    func heard(_ number: Int, at now: NIODeadline, isCounted: Bool) {
        heardAt = now
        guard isCounted, number < sentAt.count else { return }
        outcome.latencies.record(UInt64(clamping: (now - sentAt[number]).nanoseconds))
    }
}
