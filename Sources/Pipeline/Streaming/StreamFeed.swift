internal import DequeModule
public import NIOCore
public import Streams
internal import Synchronization
internal import TimeSeries

/// What the broadcaster has to do, from all sides: stored lines from the log's writer, messages from
/// connections, answers of those that read for it.
///
/// Nobody waits here. Lines that are too many are told as lost and forgotten; where there is no client, none
/// are kept at all.
public final class StreamFeed: Sendable {
    public struct Limits: Sendable {
        /// Stored lines that the broadcaster has not looked at.
        public var backlogBytesMax = 16 << 20
        /// Messages of clients that are not answered.
        public var messagesMax = 65_536

        public init() {}
    }

    enum Command: Sendable {
        case connect(ClientQueue)
        case message(ClientMessage, ClientQueue)
        case fault(StreamFault, ClientQueue)
        case disconnect(ClientQueue)
        case ready(ReplayStep)
        case replayed(ReplayStep, EventPage, through: EventID)
        case replayFailed(ReplayStep, StreamFault)
        case newest(ClientQueue, EventPage, through: EventID)
        case buckets([StreamedBucket], Interval)
        case welcome(MetricNewcomer, [StreamedBucket])
        case alert(StreamedAlert)
        case aggregation(StreamedAggregation)
        case heartbeat
        case metricTick
    }

    struct Work: Sendable {
        /// Lines up to here came while nobody listened.
        var idlePosition: EventID?
        var commands: [Command] = []
        var skipped: ClosedRange<UInt64>?
        var blocks: [LineBlock] = []
        /// When the newest of the blocks was acknowledged.
        var acknowledged: ContinuousClock.Instant?
    }

    private struct State {
        var work = Work()
        var bytes = 0
        var messages = 0
        var hasClients = false
        var isClosed = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let limits: Limits
    private let state = Mutex(State())
    private let loops = Mutex<[any EventLoop]>([])

    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Called by the log's writer with what it has made durable, once a group. It never waits here.
    func publish(_ block: LineBlock) {
        let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.hasClients else {
                state.work.idlePosition = block.lastID
                return nil
            }
            state.work.acknowledged = .now
            state.work.blocks.append(block)
            state.bytes += block.bytes.count
            if state.bytes > limits.backlogBytesMax { Self.skip(&state) }
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    private static func skip(_ state: inout State) {
        guard let first = state.work.blocks.first, let last = state.work.blocks.last else { return }
        let start = state.work.skipped?.lowerBound ?? first.firstID.value
        state.work.skipped = start...last.lastID.value
        state.work.blocks = []
        state.bytes = 0
    }

    // MARK: Connections

    /// Clients of one loop are woken together.
    public func lane(of loop: any EventLoop) -> Int {
        loops.withLock { loops in
            if let lane = loops.firstIndex(where: { $0 === loop }) { return lane }
            loops.append(loop)
            return loops.count - 1
        }
    }

    func loop(of lane: Int) -> (any EventLoop)? {
        loops.withLock { loops in loops.indices.contains(lane) ? loops[lane] : nil }
    }

    public func connect(_ queue: ClientQueue) { send(.connect(queue)) }
    public func disconnect(_ queue: ClientQueue) { send(.disconnect(queue)) }

    /// - Returns: false where the broadcaster has more than enough to answer.
    public func handle(_ message: ClientMessage, from queue: ClientQueue) -> Bool {
        guard takeMessage() else { return false }
        send(.message(message, queue))
        return true
    }

    public func refuse(_ fault: StreamFault, to queue: ClientQueue) -> Bool {
        guard takeMessage() else { return false }
        send(.fault(fault, queue))
        return true
    }

    private func takeMessage() -> Bool {
        state.withLock { state in
            guard state.messages < limits.messagesMax else { return false }
            state.messages += 1
            return true
        }
    }

    // MARK: What others tell

    public func publish(_ alert: StreamedAlert) { send(.alert(alert)) }
    public func publish(_ aggregation: StreamedAggregation) { send(.aggregation(aggregation)) }

    func send(_ command: Command) { wake { $0.work.commands.append(command) } }
    func close() { wake { $0.isClosed = true } }

    private func wake(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    // MARK: The broadcaster's side

    /// All that has come since; nil when the feed is closed. Asked by one task.
    func next(hasClients: Bool) async -> Work? {
        while true {
            let work = state.withLock { state in take(&state, hasClients) }
            if let work { return work }
            if state.withLock({ $0.isClosed }) { return nil }
            await withCheckedContinuation { continuation in
                let hasNews = state.withLock { state in
                    guard state.work.isEmpty, !state.isClosed else { return true }
                    state.reader = continuation
                    return false
                }
                if hasNews { continuation.resume() }
            }
        }
    }

    private func take(_ state: inout State, _ hasClients: Bool) -> Work? {
        guard !state.work.isEmpty, !state.isClosed else { return nil }
        defer {
            // Who connects hears of every line that comes from now on.
            state.hasClients = hasClients || !state.work.commands.isEmpty
            state.work = Work()
            state.bytes = 0
            state.messages = 0
        }
        return state.work
    }
}

extension StreamFeed.Work {
    var isEmpty: Bool { commands.isEmpty && blocks.isEmpty && skipped == nil }
}
