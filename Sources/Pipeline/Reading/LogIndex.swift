internal import EventIndex
public import EventLog
public import Storage
internal import Synchronization
public import TimeSeries

/// The event index as readers see it: what is stored, and what is finished and on its way there.
///
/// Lines behind both are found by reading them; without a store, that is all of them.
public final class LogIndex: Sendable {
    /// All of it at one moment.
    struct View: Sendable {
        let store: DerivedReader?
        /// The last line that the store has indexed.
        let storedEnd: EventID
        /// What comes behind, in the order of the log.
        let pending: [IndexChapter]

        /// The last line that is indexed.
        var end: EventID { pending.last?.lastID ?? storedEnd }
    }

    private struct State {
        var store: DerivedReader?
        var storedEnd = EventID.none
        var pending: [IndexChapter] = []
        var damaged: [DamagedSpan] = []
    }

    /// Damaged blocks that are told apart; further ones are not counted.
    private static let damagedMax = 1_000

    private let state = Mutex(State())

    public init() {}

    var view: View {
        state.withLock {
            View(store: $0.store, storedEnd: $0.storedEnd, pending: $0.pending)
        }
    }

    /// - Parameter end: the last line that the store has indexed.
    public func open(_ store: DerivedReader, end: EventID) {
        state.withLock { ($0.store, $0.storedEnd) = (store, end) }
    }

    /// Chapters that are finished.
    func add(_ chapters: [IndexChapter]) {
        guard !chapters.isEmpty else { return }
        state.withLock { $0.pending += chapters }
    }

    /// Chapters up to a line are in the store.
    func stored(through id: EventID) {
        state.withLock { state in
            state.storedEnd = id
            state.pending.removeAll { $0.lastID <= id }
        }
    }

    // MARK: Damage

    /// Blocks whose bytes are not those that were written, as readers have come upon them.
    public var damage: [DamagedSpan] { state.withLock { $0.damaged } }

    func found(damaged span: DamagedSpan) {
        state.withLock { state in
            guard state.damaged.count < Self.damagedMax, !state.damaged.contains(span) else {
                return
            }
            state.damaged.append(span)
        }
    }
}
