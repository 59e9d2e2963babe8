internal import Intake
public import TimeSeries
internal import Synchronization

/// What became of a batch.
public struct BatchOutcome: Sendable {
    public enum Result: Equatable, Sendable {
        case stored(EventID)
        /// The event was there already; `sameContent` is false where it said something else.
        case duplicate(EventID, sameContent: Bool)

        public var id: EventID {
            switch self {
            case .stored(let id), .duplicate(let id, _): id
            }
        }
    }

    /// One for each event of the batch, in its order.
    public let results: [Result]
    /// The lines that were stored together with these.
    public let block: LineBlock
}

/// A batch on its way to the disk, and the place where its fate can be waited for.
public final class Submission: Sendable {
    public typealias Answer = @Sendable (Result<BatchOutcome, IngestRefusal>) -> Void

    private enum Phase {
        case underway
        case awaited(Answer)
        case done(Result<BatchOutcome, IngestRefusal>)
    }

    let batch: EventBatch
    private let phase = Mutex(Phase.underway)

    init(_ batch: EventBatch) {
        self.batch = batch
    }

    /// Returns when the batch is on the disk, or is known not to get there. Ask once.
    public func outcome() async throws(IngestRefusal) -> BatchOutcome {
        try await withCheckedContinuation { continuation in
            whenDone { continuation.resume(returning: $0) }
        }.get()
    }

    /// Calls `answer` when the batch is on the disk, or is known not to get there: on the writer's thread,
    /// which it must not hold up, or at once. Ask once.
    public func whenDone(_ answer: @escaping Answer) {
        let done = phase.withLock { phase -> Result<BatchOutcome, IngestRefusal>? in
            if case .done(let result) = phase { return result }
            phase = .awaited(answer)
            return nil
        }
        if let done { answer(done) }
    }

    func complete(_ result: Result<BatchOutcome, IngestRefusal>) {
        let waiting = phase.withLock { phase -> Answer? in
            defer { phase = .done(result) }
            return if case .awaited(let answer) = phase { answer } else { nil }
        }
        waiting?(result)
    }
}
