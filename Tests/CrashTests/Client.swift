import Foundation
import ServerSupport
import TestSupport

/// One sender of events over one connection: single events and NDJSON batches, retries among them.
struct Client {
    private let name: String
    private let ledger: Ledger
    /// The length of the fault journal at the moment.
    private let position: @Sendable () -> UInt64
    private var random: SplitMix64
    private var count = 0
    /// To be sent again: refused, or sent over a connection that broke.
    private var pending: [SentEvent] = []
    private var connection: HTTPConnection?

    init(
        _ name: String, _ ledger: Ledger, seed: UInt64,
        position: @escaping @Sendable () -> UInt64 = { 0 }
    ) {
        self.name = name
        self.ledger = ledger
        self.position = position
        random = SplitMix64(seed: seed)
    }

    /// Sends until it is told to stop, or until the server is gone.
    mutating func run(_ server: ServerProcess, while isWanted: () -> Bool) {
        while isWanted() {
            do {
                try send(nextEvents(), to: server)
            } catch {
                guard (try? server.connect()) != nil else { return }
            }
        }
    }

    /// Sends these until all are acknowledged. Parts are small and pauses lie between them: some hundred
    /// events a second.
    mutating func deliver(_ events: [SentEvent], to server: ServerProcess) throws {
        pending = events
        let isDone = eventually(withinSeconds: 30 + Double(events.count) / 20) {
            guard !pending.isEmpty else { return true }
            let part = takePending()
            try? send(part, to: server)
            return pending.isEmpty
        }
        if !isDone {
            ledger.isWrong("\(pending.count) of \(events.count) events cannot be delivered")
        }
    }

    private mutating func takePending() -> [SentEvent] {
        let part = pending.prefix(random.pick([1, 1, 2, 30]))
        pending.removeFirst(part.count)
        return Array(part)
    }

    private mutating func nextEvents() -> [SentEvent] {
        if !pending.isEmpty, random.isOnce(in: 3) { return takePending() }
        let size = random.pick([1, 1, 1, 1, 2, 5, 40])
        let events = (0..<size).map { _ in
            count += 1
            return SentEvent(id: "\(name)-\(count)", &random)
        }
        ledger.sends(events)
        return events
    }

    /// What is not acknowledged is pending afterwards.
    private mutating func send(_ events: [SentEvent], to server: ServerProcess) throws {
        let connection = try connection ?? server.connect()
        self.connection = connection
        let answer: HTTPAnswer
        do {
            answer = try Self.request(events, connection)
        } catch {
            pending += events
            self.connection = nil
            throw error
        }
        let acknowledged = take(answer, for: events)
        pending += events.dropFirst(acknowledged)
        if acknowledged < events.count { usleep(2_000) }
    }

    private static func request(
        _ events: [SentEvent], _ connection: HTTPConnection
    ) throws -> HTTPAnswer {
        if events.count == 1 { return try connection.post("/events", events[0].json) }
        let body = events.map { $0.json + "\n" }.joined()
        return try connection.request(
            "POST", "/events", headers: ["Content-Type": "application/x-ndjson"],
            body: Array(body.utf8))
    }

    /// - Returns: how many of the events, from the first, are acknowledged.
    private func take(_ answer: HTTPAnswer, for events: [SentEvent]) -> Int {
        let position = position()
        let body = (try? JSONSerialization.jsonObject(with: Data(answer.body))) as? [String: Any]
        switch answer.status {
        case 200 where events.count == 1:
            guard let id = body?["id"] as? UInt64, body?["event_id"] as? String == events[0].id
            else { return wrong(answer) }
            ledger.acknowledges(events, lastID: id, position: position)
            return 1
        case 200:
            guard let accepted = body?["accepted"] as? Int, let known = body?["duplicates"] as? Int,
                accepted + known == events.count
            else { return wrong(answer) }
            ledger.acknowledges(
                events, lastID: body?["last_id"] as? UInt64 ?? 0, position: position)
            return events.count
        case 503 where answer.headers["retry-after"] != nil:
            let details = (body?["error"] as? [String: Any])?["details"] as? [String: Any]
            let taken = details?["lines_taken"] as? Int ?? 0
            ledger.acknowledges(events.prefix(taken), lastID: 0, position: position)
            return taken
        default:
            return wrong(answer)
        }
    }

    private func wrong(_ answer: HTTPAnswer) -> Int {
        ledger.isWrong("\(answer.status): \(answer.text.prefix(200))")
        return 0
    }
}
