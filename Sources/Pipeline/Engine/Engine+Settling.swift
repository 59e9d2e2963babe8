internal import Folds
public import Storage
public import TimeSeries

/// Why the engine has no answer.
public enum EngineRefusal: Error, Sendable {
    /// Lines that were acknowledged are not folded in time: `settle_milliseconds_max`.
    case behind
    /// More buckets than one answer may have.
    case tooManyBuckets(max: Int)
    case failed(StorageError)
}

extension Engine {
    /// Returns when all lines up to this one are folded, so that one reads what one wrote.
    public func settle(through id: EventID) async throws(EngineRefusal) {
        guard !isSettled(id) else { return }
        let isSettled = await withCheckedContinuation { continuation in
            waiters.append(
                Waiter(
                    id: id, deadline: .now + .milliseconds(limits.settleMillisecondsMax),
                    continuation: continuation))
        }
        guard isSettled else { throw .behind }
    }

    /// Returns when all lines that the log had at the start are folded.
    func settleReplay() async throws(EngineRefusal) {
        try await settle(through: EventID(0))
    }

    /// Lines were folded: who waited for them goes on.
    func folded() {
        directory.update(fold)
        let (settled, waiting) = waiters.partitioned { isSettled($0.id) }
        waiters = waiting
        for waiter in settled { waiter.continuation.resume(returning: true) }
    }

    func expireRegularly() async {
        while (try? await Task.sleep(for: .milliseconds(100))) != nil {
            feed.remindSenders()
            let (late, waiting) = waiters.partitioned { $0.deadline <= .now }
            waiters = waiting
            for waiter in late { waiter.continuation.resume(returning: false) }
        }
        for waiter in waiters { waiter.continuation.resume(returning: false) }
        waiters = []
    }

    private func isSettled(_ id: EventID) -> Bool { hasReplayed && fold.position.lastID >= id }
}

extension Array {
    fileprivate func partitioned(_ isFirst: (Element) -> Bool) -> (
        first: [Element], rest: [Element]
    ) {
        isEmpty ? ([], []) : (filter(isFirst), filter { !isFirst($0) })
    }
}
