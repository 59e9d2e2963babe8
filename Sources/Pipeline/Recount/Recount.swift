internal import EventLog
internal import Folds
internal import NIOPosix
internal import Rollup
internal import ServiceLifecycle
internal import Storage
internal import Synchronization
internal import TimeSeries

/// Folds a log anew, line after line, into a store of its own. It never blocks the pool: files are read and
/// lines are folded on the threads for it.
final class Recount: Sendable {
    /// From where it goes, and what of it is wanted.
    struct Plan: Sendable {
        let logID: String
        var start: RestoredFold
        /// Where it is given, only this metric's series and buckets are stored.
        var metric: String?
        /// Catalogue lines up to here have no effect.
        var catalogueHeldThrough = EventID.none
        /// Lines up to here were taken out of the log.
        var removedThrough = EventID.none
        /// Instead of buckets, the hours that they are of are stored, as those of lines that leave the log.
        var isOfLeavingLines = false
    }

    private let target: DerivedStore
    private let threads: NIOThreadPool
    private let counting: Mutex<Counting>
    private let isDurable: Bool

    init(_ log: LogSnapshot, _ plan: Plan, into target: DerivedStore, _ threads: NIOThreadPool) {
        self.target = target
        self.threads = threads
        isDurable = plan.isOfLeavingLines
        counting = Mutex(Counting(log, plan))
    }

    var lines: Int { counting.withLock { $0.check.lines } }
    var gaps: [LogGap] { counting.withLock { $0.check.gaps } }
    /// The last line that could be counted.
    var lastID: EventID { counting.withLock { $0.lastID } }
    /// As the log's files have it.
    var logID: String? { counting.withLock { $0.check.logID } }

    /// Goes on up to a line. What was folded is stored when this returns.
    func count(through id: EventID, _ listener: ProgressListener) async throws {
        try await threads.runIfActive { [self] in
            try counting.withLock { try $0.begin(through: id) }
        }
        var isDone = false
        while !isDone {
            try checkWhetherWanted()
            let step = try await threads.runIfActive { [self] in
                try counting.withLock { try $0.step() }
            }
            if let flush = step.flush {
                _ = try await target.writer.commit(flush, isDurable: isDurable)
                _ = try await target.tidy()
            }
            isDone = step.isDone
            listener(
                RecountProgress(
                    phase: .counting, lastID: step.position.lastID.value, throughID: id.value))
        }
    }
}

/// A recount is given up when its task is cancelled, and when the server is to end.
func checkWhetherWanted() throws {
    try Task.checkCancellation()
    if Task.isShuttingDownGracefully { throw CancellationError() }
}
