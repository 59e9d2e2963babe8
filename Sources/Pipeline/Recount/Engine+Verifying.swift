public import EventLog
internal import Folds
internal import Storage
internal import TimeSeries

extension Engine {
    /// Holds what is stored against the log while both go on: all lines that were acknowledged before,
    /// unless the disk takes nothing.
    public func verification(of log: EventLog) async throws(EngineRefusal) -> Verification {
        let id = log.lastID
        try await settle(through: id)
        await store(through: id)
        return Verification(folder, store.reader, limits, threads) { () throws(LogError) in
            log.snapshot()
        }
    }

    private func store(through id: EventID) async {
        while storedPosition.lastID < id, storeFailure == nil, !Task.isCancelled {
            // Another flush is under way, and may not have all of it.
            guard !isFlushing else {
                try? await Task.sleep(for: .milliseconds(5))
                continue
            }
            await flush()
        }
    }
}
