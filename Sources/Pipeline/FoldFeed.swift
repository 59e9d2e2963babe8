internal import DequeModule
internal import Synchronization

/// Lines that are on the disk and not folded yet: from the log's writer to the engine, in the log's order.
///
/// It is bounded, since lines that nobody has counted must neither be forgotten nor pile up: where folding
/// falls behind, streams of lines wait, and what cannot wait is refused.
public final class FoldFeed: Sendable {
    public struct Limits: Sendable {
        /// Lines that wait: some hundredths of a second's work.
        public var bytesMax = 16 << 20
        /// How long a sender waits for room.
        public var waitMillisecondsMax = 10_000

        public init() {}
    }

    private struct State {
        var blocks: Deque<LineBlock> = []
        /// Waiting and being folded.
        var bytes = 0
        var isClosed = false
        var reader: CheckedContinuation<Void, Never>?
        /// Who waits for room.
        var senders: [CheckedContinuation<Void, Never>] = []
    }

    private let limits: Limits
    private let state = Mutex(State())

    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    public var isFull: Bool { state.withLock { $0.bytes > limits.bytesMax } }

    /// Returns when there is room; or when there is none for too long, or the feed is closed.
    func waitForRoom() async {
        let deadline = ContinuousClock.now + .milliseconds(limits.waitMillisecondsMax)
        while mustWait, .now < deadline { await waitForChange() }
    }

    private var mustWait: Bool {
        state.withLock { $0.bytes > limits.bytesMax && !$0.isClosed }
    }

    private func waitForChange() async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                guard state.bytes > limits.bytesMax, !state.isClosed else { return false }
                state.senders.append(continuation)
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    /// Called by the writer, which never waits here.
    func publish(_ block: LineBlock) {
        wake { state in
            state.blocks.append(block)
            state.bytes += block.bytes.count
        }
    }

    /// No more blocks; those that wait are still given.
    func close() {
        wake { $0.isClosed = true }
        admitSenders()
    }

    // MARK: The engine's side

    /// The next block; nil when the feed is closed and empty. Asked by one task.
    func next() async -> LineBlock? {
        while true {
            let (block, isClosed) = state.withLock { ($0.blocks.popFirst(), $0.isClosed) }
            if block != nil || isClosed { return block }
            await withCheckedContinuation { continuation in
                let hasNews = state.withLock { state in
                    guard state.blocks.isEmpty, !state.isClosed else { return true }
                    state.reader = continuation
                    return false
                }
                if hasNews { continuation.resume() }
            }
        }
    }

    /// The block is folded: its room is free again.
    func release(_ block: LineBlock) {
        let hasRoom = state.withLock { state in
            state.bytes -= block.bytes.count
            return state.bytes <= limits.bytesMax / 2
        }
        if hasRoom { admitSenders() }
    }

    /// Lets those who wait look whether their time is over. Called now and then.
    func remindSenders() { admitSenders() }

    private func admitSenders() {
        let senders = state.withLock { state in
            defer { state.senders = [] }
            return state.senders
        }
        for sender in senders { sender.resume() }
    }

    private func wake(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }
}
