internal import DequeModule
internal import Synchronization

/// Lines that are on the disk and not folded yet: from the log's writer to the engine, in the log's order.
///
/// It is bounded; where folding falls behind, ingest is refused until it has caught up, since lines that
/// nobody has counted must neither be forgotten nor pile up.
public final class FoldFeed: Sendable {
    public struct Limits: Sendable {
        /// Lines that wait. At half a kilobyte each they are folded in about a tenth of a second.
        public var bytesMax = 64 << 20

        public init() {}
    }

    private struct State {
        var blocks: Deque<LineBlock> = []
        /// Waiting and being folded.
        var bytes = 0
        var isClosed = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let limits: Limits
    private let state = Mutex(State())

    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    public var isFull: Bool { state.withLock { $0.bytes > limits.bytesMax } }

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
        state.withLock { $0.bytes -= block.bytes.count }
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
