internal import Dispatch
public import Intake
internal import Synchronization

/// What waits for the disk, bounded by events and bytes.
///
/// Requests put batches in from any task; the log's writer takes all that waits, up to a group's
/// size, and sleeps while there is nothing.
public final class IngestQueue: Sendable {
    public struct Limits: Sendable {
        public var eventsMax = 1 << 18
        public var bytesMax = 64 << 20
        /// Lines that share one write and one sync. Larger groups gain nothing and hold memory.
        public var groupBytesMax = 4 << 20

        public init() {}
    }

    fileprivate struct State {
        var waiting: [Submission] = []
        /// Waiting and being written.
        var events = 0
        var bytes = 0
        var isClosed = false
    }

    private let limits: Limits
    private let feed: FoldFeed
    private let disk: DiskSpace
    private let state = Mutex(State())
    private let arrival = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - feed: takes what was written; where it is full, nothing more is taken in.
    ///   - disk: where it is full, nothing more is taken in either.
    public init(
        limits: Limits = Limits(), feed: FoldFeed = FoldFeed(), disk: DiskSpace = DiskSpace()
    ) {
        self.limits = limits
        self.feed = feed
        self.disk = disk
    }

    /// Events that wait or are being written.
    public var depth: Int { state.withLock { $0.events } }

    /// - Parameter isOwn: whether it is of Tidemark's own few lines: they tell of a disk that fills.
    public func submit(
        _ batch: EventBatch, isOwn: Bool = false
    ) throws(IngestRefusal) -> Submission {
        guard isOwn || disk.report.pressure < .full else { throw .noSpace }
        guard !feed.isFull else { throw .foldsBehind }
        let submission = Submission(batch)
        let refusal = state.withLock { state -> IngestRefusal? in
            if state.isClosed { return .shuttingDown }
            // An empty queue takes any one batch: a limit must not make an event impossible.
            guard state.events == 0 || fits(batch, state) else { return .queueFull }
            state.waiting.append(submission)
            state.events += batch.items.count
            state.bytes += batch.lineBytesMax
            return nil
        }
        if let refusal { throw refusal }
        arrival.signal()
        return submission
    }

    /// The same for one who can wait: while what was written is not counted yet, the sender's bytes stay with
    /// the sender.
    public func submitInTurn(_ batch: EventBatch) async throws(IngestRefusal) -> Submission {
        await feed.waitForRoom()
        return try submit(batch)
    }

    /// No more batches; those that wait are still written.
    public func close() {
        state.withLock { $0.isClosed = true }
        arrival.signal()
    }

    private func fits(_ batch: EventBatch, _ state: State) -> Bool {
        state.events + batch.items.count <= limits.eventsMax
            && state.bytes + batch.lineBytesMax <= limits.bytesMax
    }

    // MARK: The writer's side

    /// Sleeps until something waits, or up to `patience`. Blocks its thread.
    /// - Returns: nil when the queue is closed and empty; an empty group when the time is up.
    func nextGroup(patience: DispatchTimeInterval = .never) -> [Submission]? {
        while true {
            let (group, isClosed) = state.withLock {
                ($0.takeGroup(bytesMax: limits.groupBytesMax), $0.isClosed)
            }
            if !group.isEmpty { return group }
            if isClosed { return nil }
            if arrival.wait(timeout: .now() + patience) == .timedOut { return [] }
        }
    }

    /// The group's fate is known: its room is free again.
    func release(_ group: [Submission]) {
        state.withLock { state in
            for submission in group {
                state.events -= submission.batch.items.count
                state.bytes -= submission.batch.lineBytesMax
            }
        }
    }
}

extension IngestQueue.State {
    /// At least one batch, where there is any.
    fileprivate mutating func takeGroup(bytesMax: Int) -> [Submission] {
        var bytes = 0
        var count = 0
        for submission in waiting {
            bytes += submission.batch.lineBytesMax
            if count > 0 && bytes > bytesMax { break }
            count += 1
        }
        let group = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        return group
    }
}
