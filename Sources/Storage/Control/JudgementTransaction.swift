internal import GRDB
internal import TimeSeries

/// Stores a judgement, and what webhooks are to be told of it, within one transaction.
struct JudgementTransaction {
    let db: Database
    let limits: ControlStore.Limits

    /// - Returns: the `seq` of each transition.
    func run(_ judgement: Judgement) throws -> [Int64] {
        try check(judgement.tick)
        for episode in judgement.episodes {
            try execute(ControlStatements.upsertEpisode, episode.columns)
        }
        for key in judgement.removedStates {
            try execute(ControlStatements.removeState, [key.kpi, key.tags])
        }
        for state in judgement.states {
            try execute(ControlStatements.upsertState, state.columns)
        }
        let (storeKey, nextEpisode) = try head()
        let last = judgement.episodes.map(\.id).max() ?? 0
        try execute(
            ControlStatements.writeHead,
            [judgement.tick.milliseconds, max(nextEpisode, last + 1)])
        return try store(judgement.transitions, storeKey)
    }

    private func check(_ tick: Timestamp) throws {
        let stored = try Row.fetchOne(db.cachedStatement(sql: ControlStatements.head))?
            .optionalMilliseconds(1)
        guard let stored, tick <= stored else { return }
        throw StorageFault(.conflict, "judged at \(tick), stored up to \(stored): stored before")
    }

    private func head() throws -> (storeKey: [UInt8], nextEpisode: Int64) {
        guard let row = try Row.fetchOne(db.cachedStatement(sql: ControlStatements.head)) else {
            throw StorageFault.column
        }
        return (try row.bytes(0), try row.integer(2))
    }

    private func store(_ transitions: [TransitionRow], _ storeKey: [UInt8]) throws -> [Int64] {
        let outbox = OutboxTransaction(db: db, limits: limits)
        // Read when something is to be told, which is rare.
        lazy var webhooks = Result { try ControlStore.webhooks(db).filter(\.isEnabled) }
        return try transitions.map { transition in
            try execute(ControlStatements.insertTransition, transition.columns)
            var stored = transition
            stored.seq = db.lastInsertedRowID
            if stored.notifies && !stored.silenced {
                for webhook in try webhooks.get() {
                    try outbox.add(stored, for: webhook, storeKey)
                }
            }
            return stored.seq
        }
    }

    private func execute(
        _ sql: String, _ arguments: [(any DatabaseValueConvertible)?]
    ) throws {
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    }
}

extension WebhookRow {
    fileprivate var isEnabled: Bool { disabledReason == nil }
}
