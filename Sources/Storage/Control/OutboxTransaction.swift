internal import GRDB
internal import TimeSeries

/// What happens to the outbox within one transaction.
struct OutboxTransaction {
    let db: Database
    let limits: ControlStore.Limits

    /// A delivery's place: what of one alert goes to one webhook goes one after the other.
    struct Lane {
        let webhook: String
        let name: String
    }

    /// Adds what a webhook is to be told of a transition, where its filter takes it.
    func add(_ transition: TransitionRow, for webhook: WebhookRow, _ storeKey: [UInt8]) throws {
        let lane = Lane(webhook: webhook.id, name: transition.lane)
        let isTaken = try webhook.filter.takes(transition) {
            try row(OutboxStatements.wasTold, [lane.webhook, lane.name]) != nil
        }
        guard isTaken else { return }
        let message = MessageID.make(storeKey, seq: transition.seq, webhook: webhook.id)
        let at = transition.at.milliseconds
        let columns: [(any DatabaseValueConvertible)?] = [
            lane.webhook, message, lane.name, transition.seq, at,
        ]
        if try openCount(webhook.id) >= limits.outboxRowsMax {
            try execute(OutboxStatements.insertFailed, columns + [at, "the outbox is full"])
        } else if let head = try row(OutboxStatements.pendingOfLane, [lane.webhook, lane.name]) {
            try execute(OutboxStatements.insertWaiting, columns)
            try execute(
                OutboxStatements.overtake,
                [try head.integer(1) + limits.supersedeMilliseconds, try head.integer(0)])
        } else {
            try execute(OutboxStatements.insertPending, columns + [at])
        }
    }

    private func openCount(_ webhook: String) throws -> Int {
        Int(try row(OutboxStatements.openCount, [webhook])?.integer(0) ?? 0)
    }

    /// Gives up the first of each lane that a newer one has overtaken for too long.
    func supersede(
        of webhook: String, at now: Timestamp, except inFlight: Set<Int64>
    ) throws -> Int {
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: OutboxStatements.overtaken),
            arguments: [webhook, now.milliseconds])
        var count = 0
        for row in rows where try !inFlight.contains(row.integer(0)) {
            try execute(OutboxStatements.supersede, [now.milliseconds, try row.integer(0)])
            count += 1
            try promote(in: Lane(webhook: webhook, name: try row.text(1)), at: now)
        }
        return count
    }

    /// Makes the next one of a lane pending. Of those that wait, one that is too old goes only if it is
    /// the newest.
    private func promote(in lane: Lane, at now: Timestamp) throws {
        while true {
            let waiting = try Row.fetchAll(
                db.cachedStatement(sql: OutboxStatements.waitingOfLane),
                arguments: [lane.webhook, lane.name])
            guard let first = waiting.first else { return }
            let id = try first.integer(0)
            let overtaken = try first.integer(1) + limits.supersedeMilliseconds
            let isLast = waiting.count == 1
            if isLast || overtaken > now.milliseconds {
                return try execute(
                    OutboxStatements.promote,
                    [now.milliseconds, isLast ? nil : overtaken, id])
            }
            try execute(OutboxStatements.supersede, [now.milliseconds, id])
        }
    }

    /// Notes how an attempt has ended. Of a delivery that has ended meanwhile nothing is noted.
    func note(_ outcome: DeliveryOutcome) throws {
        let at = outcome.at.milliseconds
        guard
            let place = try row(
                OutboxStatements.attempted,
                [at, outcome.status, outcome.error, outcome.delivery])
        else { return }
        let lane = Lane(webhook: try place.text(0), name: try place.text(1))
        switch outcome.verdict {
        case .delivered: try end(outcome.delivery, .delivered, in: lane, at: outcome.at)
        case .failed: try end(outcome.delivery, .failed, in: lane, at: outcome.at)
        case .retry(let next):
            try execute(OutboxStatements.reschedule, [next.milliseconds, outcome.delivery])
        case .gone:
            try disable(lane.webhook, "it answered 410: no more is wanted", at: outcome.at)
        }
    }

    private func end(
        _ delivery: Int64, _ state: DeliveryRow.State, in lane: Lane, at now: Timestamp
    ) throws {
        try execute(OutboxStatements.end, [state.rawValue, now.milliseconds, delivery])
        try promote(in: lane, at: now)
    }

    func disable(_ webhook: String, _ reason: String, at now: Timestamp) throws {
        try execute(ControlStatements.setDisabled, [reason, webhook])
        try execute(
            OutboxStatements.failAll, [now.milliseconds, "the webhook is disabled", webhook])
    }

    /// Tries a delivery again that has ended, or that waits for its next attempt.
    func retry(_ delivery: Int64, at now: Timestamp) throws -> Outbox.RetryAnswer {
        guard let place = try row(OutboxStatements.place, [delivery]) else { return .unknown }
        let (webhook, lane) = (try place.text(0), try place.text(1))
        guard try row(ControlStatements.webhook, [webhook])?.webhook().disabledReason == nil
        else { return .disabled }
        switch DeliveryRow.State(rawValue: try place.text(2)) {
        case .pending:
            try execute(OutboxStatements.reschedule, [now.milliseconds, delivery])
        case .delivered, .failed, .superseded:
            guard try row(OutboxStatements.pendingOfLane, [webhook, lane]) == nil else {
                return .underWay
            }
            try execute(OutboxStatements.reopen, [now.milliseconds, delivery])
        case .waiting: return .underWay
        case nil: throw StorageFault.column
        }
        return .scheduled
    }

    private func row(
        _ sql: String, _ arguments: [(any DatabaseValueConvertible)?]
    ) throws -> Row? {
        try Row.fetchOne(
            db.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    private func execute(
        _ sql: String, _ arguments: [(any DatabaseValueConvertible)?]
    ) throws {
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    }
}

extension TransitionRow {
    /// Of one alert; without one, of one KPI and group.
    fileprivate var lane: String { episode.map(String.init) ?? kpi + tags }
}
