internal import GRDB
public import TimeSeries

/// What is to be delivered to webhooks, and what was.
///
/// At most one of the deliveries in a lane (what of one alert goes to one webhook) is ever due.
public struct Outbox: Sendable {
    let store: ControlStore

    /// What a wish to try again has come to.
    public enum RetryAnswer: Sendable {
        case scheduled
        case unknown
        /// Its webhook is disabled.
        case disabled
        /// Another delivery of the same alert is not ended yet.
        case underWay
    }

    /// Deliveries of a webhook whose time has come, the one that is due longest first. Those that newer
    /// ones have overtaken for too long are given up before.
    /// - Parameter inFlight: being attempted; they are passed over and left as they are.
    public func due(
        _ webhook: String, at now: Timestamp, limit: Int, except inFlight: Set<Int64>
    ) async throws(StorageError) -> [DueDelivery] {
        try await supersede(webhook, at: now, except: inFlight)
        return try await store.read("read due deliveries") { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: OutboxStatements.due),
                arguments: [webhook, now.milliseconds, limit + inFlight.count])
            return try rows.map { try $0.delivery() }.filter { !inFlight.contains($0.id) }
                .prefix(limit).map { try Self.due($0, db) }
        }
    }

    private func supersede(
        _ webhook: String, at now: Timestamp, except inFlight: Set<Int64>
    ) async throws(StorageError) {
        let isNeeded = try await store.read("look for overtaken deliveries") { db in
            try Row.fetchAll(
                db.cachedStatement(sql: OutboxStatements.overtaken),
                arguments: [webhook, now.milliseconds]
            ).contains { try !inFlight.contains($0.integer(0)) }
        }
        guard isNeeded else { return }
        let limits = store.limits
        _ = try await store.write("supersede deliveries") { db in
            try OutboxTransaction(db: db, limits: limits)
                .supersede(of: webhook, at: now, except: inFlight)
        }
    }

    private static func due(_ delivery: DeliveryRow, _ db: Database) throws -> DueDelivery {
        guard
            let transition = try Row.fetchOne(
                db.cachedStatement(sql: ControlStatements.transition),
                arguments: [delivery.seq])?.transition()
        else { throw StorageFault.column }
        let episode = try transition.episode.flatMap { try ControlStore.episode(db, $0) }
        return DueDelivery(delivery: delivery, transition: transition, episode: episode)
    }

    /// When there will be something to do for a webhook; nil for not before another change.
    public func nextTime(
        _ webhook: String, except inFlight: Set<Int64>
    ) async throws(StorageError) -> Timestamp? {
        try await store.read("read the next attempt's time") { db in
            let times = try [OutboxStatements.nextAttempts, OutboxStatements.nextOvertaken]
                .compactMap { sql in
                    try Row.fetchAll(
                        db.cachedStatement(sql: sql),
                        arguments: [webhook, inFlight.count + 1]
                    ).first { try !inFlight.contains($0.integer(0)) }?.milliseconds(1)
                }
            return times.min()
        }
    }

    /// Notes how attempts have ended, and lets the next ones of their lanes go.
    public func note(_ outcomes: [DeliveryOutcome]) async throws(StorageError) {
        let limits = store.limits
        try await store.write("note deliveries") { db in
            let transaction = OutboxTransaction(db: db, limits: limits)
            for outcome in outcomes { try transaction.note(outcome) }
        }
        if outcomes.contains(where: { $0.verdict == .gone }) { store.noteChange() }
    }

    /// Tries one again that has ended, or now what is to be tried later.
    public func retry(
        _ delivery: Int64, at now: Timestamp
    ) async throws(StorageError) -> RetryAnswer {
        let limits = store.limits
        let answer = try await store.write("try a delivery again") { db in
            try OutboxTransaction(db: db, limits: limits).retry(delivery, at: now)
        }
        store.noteChange()
        return answer
    }

    /// Newest first.
    /// - Parameter before: older ones than this, by their numbers.
    public func deliveries(
        of webhook: String, before: Int64? = nil, limit: Int
    ) async throws(StorageError) -> [DeliveryRow] {
        try await store.read("read deliveries") { db in
            try Row.fetchAll(
                db.cachedStatement(sql: OutboxStatements.ofWebhook),
                arguments: [webhook, before ?? .max, limit]
            ).map { try $0.delivery() }
        }
    }

    public func delivery(_ id: Int64) async throws(StorageError) -> DeliveryRow? {
        try await store.read("read a delivery") { db in
            try Row.fetchOne(
                db.cachedStatement(sql: OutboxStatements.delivery), arguments: [id])?.delivery()
        }
    }

    /// Alerts that fire and of which a webhook was told, each with the last transition that it was told of.
    public func toldFiring(
        _ webhook: String, limit: Int = 1_000
    ) async throws(StorageError) -> [(transition: TransitionRow, episode: EpisodeRow?)] {
        try await store.read("read alerts that fire") { db in
            try Int64.fetchAll(
                db.cachedStatement(sql: OutboxStatements.toldFiring),
                arguments: [webhook, limit]
            ).compactMap { seq in
                let transition = try Row.fetchOne(
                    db.cachedStatement(sql: ControlStatements.transition), arguments: [seq]
                )?.transition()
                guard let transition, let id = transition.episode else { return nil }
                return (transition, try ControlStore.episode(db, id))
            }
        }
    }

    /// How many there are in each state, those that ended long ago aside.
    public func counts() async throws(StorageError) -> [DeliveryRow.State: Int] {
        try await store.read("count deliveries") { db in
            var counts: [DeliveryRow.State: Int] = [:]
            for row in try Row.fetchAll(db, sql: OutboxStatements.counts) {
                guard let state = DeliveryRow.State(rawValue: try row.text(0)) else {
                    throw StorageFault.column
                }
                counts[state] = Int(try row.integer(1))
            }
            return counts
        }
    }
}
