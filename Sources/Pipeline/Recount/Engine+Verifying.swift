public import EventLog
internal import Storage

extension Engine {
    /// Holds what is stored against the log while both go on.
    public nonisolated func verification(of log: EventLog) -> Verification {
        Verification(store.reader, limits, threads) { () throws(LogError) in log.snapshot() }
    }
}
