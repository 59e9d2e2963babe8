import ServerSupport
import Synchronization

/// Many clients at once, one of them with samples, until something happens to the server.
struct Load: Sendable {
    var clients = 6
    let ledger: Ledger
    let seed: UInt64
    var position: @Sendable () -> UInt64 = { 0 }

    /// Runs the load beside `event`, and stops it when that returns.
    /// - Parameter round: clients of different rounds send different events.
    func run(
        _ server: ServerProcess, round: Int = 0,
        until event: @escaping @Sendable () throws -> Void
    ) throws {
        let isOver = Flag()
        _ = try onThreads(clients + 2) { number in
            if number == clients {
                defer { isOver.set() }
                try event()
            } else if number > clients {
                var sender = SampleSender(
                    ledger, seed: seed &* 1_000 &+ UInt64(round * 50 + number), position: position)
                sender.run(server) { !isOver.isSet }
            } else {
                var client = Client(
                    "r\(round)c\(number)", ledger,
                    seed: seed &* 1_000 &+ UInt64(round * 50 + number),
                    position: position)
                client.run(server) { !isOver.isSet }
            }
        }
    }

    /// Waits until so many more events are acknowledged than there are now.
    func waitForEvents(_ count: Int) throws {
        let goal = ledger.acknowledgedCount + count
        try waitUntil("\(count) more events") { ledger.acknowledgedCount >= goal }
    }

    func waitUntil(_ event: String, _ condition: () throws -> Bool) throws {
        guard try eventually(withinSeconds: 60, condition) else {
            throw Overdue(event: event, answers: ledger.faults)
        }
    }

    /// Sends what no client has heard about again, until all is acknowledged.
    func deliverTheRest(to server: ServerProcess) throws {
        var client = Client("rest", ledger, seed: seed, position: position)
        try client.deliver(ledger.unacknowledged, to: server)
    }
}

/// What the load was to bring about did not come.
struct Overdue: Error {
    let event: String
    /// Answers that there must not be.
    let answers: [String]
}

final class Flag: Sendable {
    private let state = Atomic(false)

    var isSet: Bool { state.load(ordering: .acquiring) }

    func set() { state.store(true, ordering: .releasing) }
}
