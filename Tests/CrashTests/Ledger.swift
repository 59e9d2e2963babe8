import Synchronization

/// What the clients know: which events were sent, and which of them the server has acknowledged.
final class Ledger: Sendable {
    /// An answer 200, and what had happened on the disk when it came.
    struct Acknowledgement: Sendable {
        let eventIDs: [String]
        /// The highest id that the answer told.
        let lastID: UInt64
        /// The length of the fault journal, where there is one: a power cut at or after it must not
        /// lose these events.
        let position: UInt64
    }

    private struct State {
        var sent: [String: SentEvent] = [:]
        var acknowledgements: [Acknowledgement] = []
        var acknowledged: Set<String> = []
        var faults: [String] = []
        var sentSamples = 0
        var acknowledgedSamples: [(count: Int, position: UInt64)] = []
    }

    private let state = Mutex(State())

    func sends(_ events: [SentEvent]) {
        state.withLock { state in
            for event in events { state.sent[event.id] = event }
        }
    }

    func acknowledges(_ events: some Sequence<SentEvent>, lastID: UInt64, position: UInt64) {
        let answer = Acknowledgement(
            eventIDs: events.map(\.id), lastID: lastID, position: position)
        state.withLock { state in
            state.acknowledgements.append(answer)
            state.acknowledged.formUnion(answer.eventIDs)
        }
    }

    func sendsSamples(_ count: Int) {
        state.withLock { $0.sentSamples += count }
    }

    func acknowledgesSamples(_ count: Int, position: UInt64) {
        state.withLock { $0.acknowledgedSamples.append((count, position)) }
    }

    /// An answer that there must not be.
    func isWrong(_ fault: String) {
        state.withLock { $0.faults.append(fault) }
    }

    var faults: [String] { state.withLock { $0.faults } }
    var acknowledgements: [Acknowledgement] { state.withLock { $0.acknowledgements } }
    var acknowledged: Set<String> { state.withLock { $0.acknowledged } }
    var sent: [String: SentEvent] { state.withLock { $0.sent } }
    var acknowledgedCount: Int { state.withLock { $0.acknowledged.count } }

    /// Events whose fate their senders do not know, in no order.
    var unacknowledged: [SentEvent] {
        state.withLock { state in
            state.sent.values.filter { !state.acknowledged.contains($0.id) }
        }
    }

    /// Events that the server must still have after a power cut at this place of the journal.
    func acknowledged(before position: UInt64) -> Set<String> {
        Set(acknowledgements.filter { $0.position <= position }.flatMap(\.eventIDs))
    }

    var sentSamples: Int { state.withLock { $0.sentSamples } }

    /// How many samples there must still be after a power cut at this place of the journal.
    func acknowledgedSamples(before position: UInt64 = .max) -> Int {
        state.withLock { state in
            state.acknowledgedSamples.filter { $0.position <= position }.reduce(0) { $0 + $1.count }
        }
    }

    /// The highest id that clients had been told by then.
    func lastID(before position: UInt64 = .max) -> UInt64 {
        acknowledgements.filter { $0.position <= position }.map(\.lastID).max() ?? 0
    }
}
