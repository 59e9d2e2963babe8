internal import DequeModule
internal import EventLog
internal import NIOCore
public import ServiceLifecycle
public import Streams
public import TimeSeries

/// Sends what is stored to those who have subscribed to it: owns the book of subscriptions, and gives its
/// work out, what is to be read to tasks, what is to be written to the loops of the connections.
///
/// It goes in ticks. What came during one is sent together in the next, so that a thousand sockets are
/// written to some ten times a second and not with every event.
public struct Broadcaster: Service {
    public struct Limits: Sendable {
        public var feed = StreamFeed.Limits()
        public var queue = ClientQueue.Limits()
        public var book = StreamBook.Limits()
        public var message = ClientMessage.Limits()
        /// The longest time between two ticks; few clients are written to sooner.
        public var tickMillisecondsMax = 20
        public var heartbeatSeconds = 15
        /// Subscriptions that read the log at one time.
        public var replaysMax = 8
        /// Events that are read from the log for one subscription at a time.
        public var replayEventsMax = 1_000

        public init() {}
    }

    /// After a tick the rest of the server gets so many times the time that it took.
    private static let restFactor = 4
    /// Lines that are sent together, at most: who can take them has done so before the next come.
    private static let stretchBytesMax = 256 << 10
    /// Of one step from the log.
    private static let replayBytesMax = 1 << 20
    private static let metricSeconds = 1

    public let feed: StreamFeed
    private let reader: EventReader
    private let log: EventLog
    private let metrics: MetricWatch
    private let limits: Limits
    private let now: @Sendable () -> Timestamp

    public init(
        _ pipeline: Pipeline, _ engine: Engine, limits: Limits,
        now: @escaping @Sendable () -> Timestamp
    ) {
        feed = pipeline.streams
        reader = pipeline.reader
        log = pipeline.log
        metrics = MetricWatch(engine, now: now)
        self.limits = limits
        self.now = now
    }

    public func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await beat(every: limits.heartbeatSeconds, .heartbeat) }
                group.addTask { await beat(every: Self.metricSeconds, .metricTick) }
                await broadcast(&group)
                group.cancelAll()
            }
        } onCancelOrGracefulShutdown: {
            feed.close()
        }
    }

    private func beat(every seconds: Int, _ command: StreamFeed.Command) async {
        while (try? await Task.sleep(for: .seconds(seconds))) != nil { feed.send(command) }
    }

    /// What one task holds while it runs.
    private struct State {
        var book: StreamBook
        /// Steps that have room in their client's queue and wait for their turn.
        var waiting: Deque<ReplayStep> = []
        var reading = 0
    }

    private func broadcast(_ group: inout DiscardingTaskGroup) async {
        var state = State(book: StreamBook(position: log.lastID, limits: limits.book))
        while let work = await feed.next(hasClients: !state.book.isEmpty) {
            let start = ContinuousClock.now
            if let id = work.idlePosition, id > state.book.position {
                state.book.flush(through: id, at: now(), acknowledged: start)
            }
            await send(work, &state.book)
            // Who subscribes now finds in the log what came before.
            for command in work.commands { handle(command, &state, &group) }
            await wake(state.book.takeWoken())
            read(&state, &group)
            await rest(.now - start)
        }
    }

    private func rest(_ duration: Duration) async {
        let pause = min(duration * Self.restFactor, .milliseconds(limits.tickMillisecondsMax))
        // For less a timer is not worth its while.
        if pause > .microseconds(500) { try? await Task.sleep(for: pause) }
    }

    private func send(_ work: StreamFeed.Work, _ book: inout StreamBook) async {
        if let skipped = work.skipped {
            book.skip(
                from: EventID(skipped.lowerBound), through: EventID(skipped.upperBound), at: now())
        }
        guard let acknowledged = work.acknowledged else { return }
        var bytes = 0
        for block in work.blocks {
            for index in 0..<block.count {
                let range = block.range(at: index)
                book.add(block.bytes.span.extracting(range))
                bytes += range.count
                guard bytes > Self.stretchBytesMax else { continue }
                bytes = 0
                let id = block.firstID.advanced(by: index)
                book.flush(through: id, at: now(), acknowledged: acknowledged)
                await wake(book.takeWoken())
            }
        }
        guard let last = work.blocks.last else { return }
        book.flush(through: last.lastID, at: now(), acknowledged: acknowledged)
    }

    /// Returns when the loops have taken what there was to be taken: the next tick waits for the slowest.
    private func wake(_ queues: [ClientQueue]) async {
        let byLane = Dictionary(grouping: queues, by: \.lane)
        let written = byLane.compactMap { lane, queues -> EventLoopFuture<Void>? in
            guard let loop = feed.loop(of: lane) else {
                for queue in queues { queue.ready() }
                return nil
            }
            return loop.submit { for queue in queues { queue.ready() } }
        }
        for future in written { try? await future.get() }
    }

    private func moment() -> StreamBook.Moment {
        StreamBook.Moment(
            time: now(), mark: LogMark(logID: log.logID, lastID: log.lastID),
            firstID: log.snapshot().partitions.first?.name.firstID ?? .first)
    }
}

// MARK: Commands

extension Broadcaster {
    private func handle(
        _ command: StreamFeed.Command, _ state: inout State, _ group: inout DiscardingTaskGroup
    ) {
        switch command {
        case .connect(let queue): connect(queue, &state.book, &group)
        case .disconnect(let queue): state.book.disconnect(queue)
        case .message(let message, let queue): state.book.handle(message, from: queue, moment())
        case .fault(let fault, let queue): state.book.refuse(fault, to: queue, at: now())
        case .ready(let step): state.waiting.append(step)
        case .replayed(let step, let page, let id):
            state.reading -= 1
            state.book.replayed(step, through: id, at: now()) { body in
                for range in page.lines { body(page.bytes.span.extracting(range)) }
            }
        case .replayFailed(let step, let fault):
            state.reading -= 1
            state.book.replayFailed(step, fault, at: now())
        case .newest(let queue, let page, let id):
            state.book.begin(queue, moment(), after: id) { body in
                for range in page.lines.reversed() { body(page.bytes.span.extracting(range)) }
            }
        case .buckets(let buckets, let interval):
            state.book.publish(buckets, interval, at: now())
        case .welcome(let newcomer, let buckets):
            state.book.welcome(newcomer, with: buckets, at: now())
        case .alert(let alert): state.book.publish(alert)
        case .aggregation(let aggregation): state.book.publish(aggregation)
        case .heartbeat: state.book.heartbeat(moment())
        case .metricTick: watch(&state, &group)
        }
    }

    /// The reference's dashboard asks for nothing: it is told the newest events, and what comes then.
    private func connect(
        _ queue: ClientQueue, _ book: inout StreamBook, _ group: inout DiscardingTaskGroup
    ) {
        book.connect(queue)
        guard queue.format == .reference else { return }
        let id = book.position
        group.addTask {
            var query = EventQuery()
            query.before = id.advanced(by: 1)
            let page = try? await reader.page(query, limit: StreamBook.referenceEventsMax)
            feed.send(.newest(queue, page ?? EventPage(), through: id))
        }
    }
}

// MARK: Reading

extension Broadcaster {
    private func read(_ state: inout State, _ group: inout DiscardingTaskGroup) {
        for step in state.book.takeReplays() {
            group.addTask {
                await step.queue.waitForRoom()
                feed.send(.ready(step))
            }
        }
        while state.reading < limits.replaysMax, let step = state.waiting.popFirst() {
            state.reading += 1
            group.addTask { feed.send(await read(step)) }
        }
        for newcomer in state.book.takeMetricNewcomers() {
            group.addTask {
                let buckets = await metrics.open(newcomer.selection.interval)
                feed.send(.welcome(newcomer, buckets))
            }
        }
    }

    private func read(_ step: ReplayStep) async -> StreamFeed.Command {
        var query = EventQuery()
        query.filter = step.filter
        query.order = .oldestFirst
        query.after = step.after
        query.before = step.through.advanced(by: 1)
        do {
            let page = try await reader.step(
                query, eventsMax: limits.replayEventsMax, bytesMax: Self.replayBytesMax)
            return .replayed(step, page, through: page.next ?? step.through)
        } catch {
            return .replayFailed(step, StreamFault(.logUnavailable, "the log cannot be read"))
        }
    }

    private func watch(_ state: inout State, _ group: inout DiscardingTaskGroup) {
        let intervals = Set(state.book.metricSelections.map(\.interval))
        group.addTask {
            for (interval, buckets) in await metrics.changes(intervals) {
                feed.send(.buckets(buckets, interval))
            }
        }
    }
}
