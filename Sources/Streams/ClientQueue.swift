internal import DequeModule
internal import NIOCore
internal import Synchronization
internal import TimeSeries

/// What waits to be written to one client: bounded, so that one who does not read costs nobody anything.
///
/// A full queue loses what comes. Once the client has taken all that waited, it is told what it has lost,
/// and goes on with what comes then: frames, gap, frames, in the order of the log.
///
///     offer ─► frames ─► next                 offer ─► (lost, counted)
///              room for more           full            until the last frame is taken: gap ─► next
public final class ClientQueue: Sendable {
    public struct Limits: Sendable {
        public var framesMax = 4_096
        public var bytesMax = 4 << 20

        public init() {}
    }

    private struct State {
        var frames: Deque<Frames> = []
        var count = 0
        var bytes = 0
        /// Of the frames, those that a client has asked for with a message.
        var answers = 0
        var losses: [FrameLoss] = []
        /// Stretches of the log of which no event came through, the newest ones.
        var lostStretches: [ClosedRange<UInt64>] = []
        /// Which subscription a gap is told for; nil where several could be meant.
        var gapID: String?
        /// Somebody is on the way to take what is here.
        var isAwake = false
        var isFinished = false
        /// Who reads the log for this client.
        var roomWaiters: [CheckedContinuation<Void, Never>] = []
    }

    public let format: FrameFormat
    /// Where its frames are taken: queues of one lane are woken together.
    public let lane: Int
    private let limits: Limits
    private let onReady: @Sendable () -> Void
    private let state = Mutex(State())

    /// - Parameter onReady: called when there is something to be taken, and was not before.
    public init(
        format: FrameFormat, lane: Int = 0, limits: Limits = Limits(),
        onReady: @escaping @Sendable () -> Void = {}
    ) {
        self.format = format
        self.lane = lane
        self.limits = limits
        self.onReady = onReady
    }

    public func ready() { onReady() }

    // MARK: The broadcaster's side

    /// - Returns: whether the client must be woken.
    func offer(_ frames: Frames) -> Bool {
        state.withLock { state in
            guard !state.isFinished else { return false }
            if case .stream(let kind) = frames.kind, isFull(state, frames) {
                let loss = FrameLoss(
                    kind: kind, first: frames.first, last: frames.last, dropped: frames.count,
                    time: frames.time)
                Self.add(loss, to: &state)
            } else {
                state.frames.append(frames)
                state.count += frames.count
                if case .reply = frames.kind { state.answers += 1 }
                state.bytes += frames.bytes.readableBytes
            }
            return Self.wake(&state)
        }
    }

    /// Events that never came so far.
    func lose(_ loss: FrameLoss) -> Bool {
        state.withLock { state in
            Self.add(loss, to: &state)
            return Self.wake(&state)
        }
    }

    /// One frame larger than all room is taken where nothing else waits.
    private func isFull(_ state: State, _ frames: Frames) -> Bool {
        if !state.losses.isEmpty { return true }
        let isOver =
            state.count + frames.count > limits.framesMax
            || state.bytes + frames.bytes.readableBytes > limits.bytesMax
        return isOver && state.count > 0
    }

    private static func add(_ loss: FrameLoss, to state: inout State) {
        let known = state.losses.firstIndex { $0.kind == loss.kind }
        if loss.kind == .event { remember(loss, isMore: known != nil, &state) }
        if let place = known {
            state.losses[place].last = loss.last
            state.losses[place].dropped += loss.dropped
            state.losses[place].time = loss.time
        } else {
            state.losses.append(loss)
        }
    }

    private static let stretchesMax = 64

    private static func remember(_ loss: FrameLoss, isMore: Bool, _ state: inout State) {
        var first = loss.first
        if isMore, let last = state.lostStretches.popLast() { first = last.lowerBound }
        state.lostStretches.append(first...loss.last)
        if state.lostStretches.count > stretchesMax { state.lostStretches.removeFirst() }
    }

    private static func wake(_ state: inout State) -> Bool {
        defer { state.isAwake = true }
        return !state.isAwake
    }

    func hasLost(_ id: EventID) -> Bool {
        state.withLock { $0.lostStretches.contains { $0.contains(id.value) } }
    }

    func setGapID(_ id: String?) { state.withLock { $0.gapID = id } }

    /// More answers wait than a client may leave unread.
    public var isOverfull: Bool { state.withLock { $0.answers > limits.framesMax } }

    // MARK: The client's side

    /// The next frames; nil where there are none: then `onReady` tells when there are.
    public func next() -> Frames? {
        let (frames, waiters) = state.withLock { state in
            let frames = take(&state)
            guard !state.roomWaiters.isEmpty, !isCrowded(state) else {
                return (frames, [CheckedContinuation<Void, Never>]())
            }
            defer { state.roomWaiters = [] }
            return (frames, state.roomWaiters)
        }
        for waiter in waiters { waiter.resume() }
        return frames
    }

    private func take(_ state: inout State) -> Frames? {
        if let frames = state.frames.popFirst() {
            state.count -= frames.count
            if case .reply = frames.kind { state.answers -= 1 }
            state.bytes -= frames.bytes.readableBytes
            return frames
        }
        if let loss = state.losses.popLast() {
            return ServerMessage.gap(loss, id: state.gapID).frames(format)
        }
        state.isAwake = false
        return nil
    }

    /// Returns when at least half of the room is free, or the client has gone.
    public func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                guard isCrowded(state), !state.isFinished else { return false }
                state.roomWaiters.append(continuation)
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    private func isCrowded(_ state: State) -> Bool {
        state.bytes > limits.bytesMax / 2 || state.count > limits.framesMax / 2
    }

    /// Nothing more is put in; what waits is forgotten.
    public func finish() {
        let waiters = state.withLock { state in
            defer { state = State(isAwake: true, isFinished: true) }
            return state.roomWaiters
        }
        for waiter in waiters { waiter.resume() }
        onReady()
    }

    public var isFinished: Bool { state.withLock { $0.isFinished } }
}
