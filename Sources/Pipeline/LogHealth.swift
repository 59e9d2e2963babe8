public import EventLog
internal import Synchronization

/// Whether the log takes events at the moment, and what it has counted.
public final class LogHealth: Sendable {
    public struct Report: Sendable {
        /// The failure of the newest group, where it failed.
        public internal(set) var failure: LogError?
        public internal(set) var groupsFailed = 0
        /// Events under a known key that said something else.
        public internal(set) var conflicts = 0
    }

    private let state = Mutex(Report())

    public init() {}

    public var report: Report { state.withLock { $0 } }

    func failed(_ error: LogError) {
        state.withLock { state in
            state.failure = error
            state.groupsFailed += 1
        }
    }

    func succeeded() {
        state.withLock { $0.failure = nil }
    }

    func add(conflicts: Int) {
        state.withLock { $0.conflicts += conflicts }
    }
}
