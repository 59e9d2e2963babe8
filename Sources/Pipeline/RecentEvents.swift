internal import DequeModule
internal import Synchronization
internal import TimeSeries

/// The newest events in memory, so that the questions asked most read no file.
public final class RecentEvents: Sendable {
    public struct Limits: Sendable {
        public var eventsMax = 10_000
        public var bytesMax = 16 << 20
        /// Single events are gathered into blocks of up to this size.
        public var blockBytesMax = 64 << 10

        public init() {}
    }

    private struct State {
        var blocks: Deque<LineBlock> = []
        var events = 0
        var bytes = 0
    }

    private let limits: Limits
    private let state = Mutex(State())

    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Oldest first. Ids rise from block to block, and are consecutive within one.
    public var blocks: [LineBlock] { state.withLock { Array($0.blocks) } }

    func publish(_ block: LineBlock) {
        state.withLock { state in
            state.events += block.count
            state.bytes += block.bytes.count
            append(block, to: &state.blocks)
            while state.blocks.count > 1, isOver(state), let oldest = state.blocks.popFirst() {
                state.events -= oldest.count
                state.bytes -= oldest.bytes.count
            }
        }
    }

    private func append(_ block: LineBlock, to blocks: inout Deque<LineBlock>) {
        if let last = blocks.indices.last, blocks[last].nextID == block.firstID,
            blocks[last].bytes.count + block.bytes.count <= limits.blockBytesMax
        {
            blocks[last].append(block)
        } else {
            blocks.append(block)
        }
    }

    private func isOver(_ state: State) -> Bool {
        state.events > limits.eventsMax || state.bytes > limits.bytesMax
    }
}
