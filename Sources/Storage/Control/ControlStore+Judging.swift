internal import GRDB
public import TimeSeries

extension ControlStore {
    /// Stores what a tick has found, together with a delivery for each webhook that is to be told.
    ///
    /// A tick is stored once: it must be later than the stored one.
    /// - Returns: the `seq` of each transition, in their order.
    public func commit(_ judgement: Judgement) async throws(StorageError) -> [Int64] {
        let limits = limits
        let seqs = try await write("store a judgement") { db in
            try JudgementTransaction(db: db, limits: limits).run(judgement)
        }
        if !seqs.isEmpty { noteChange() }
        return seqs
    }

    /// All that the evaluation goes on from.
    public func restore() async throws(StorageError) -> RestoredJudging {
        try await read("restore the KPIs") { db in
            guard let head = try Row.fetchOne(db, sql: ControlStatements.head) else {
                throw StorageFault.column
            }
            var restored = RestoredJudging(nextEpisode: try head.integer(2))
            restored.lastTick = try head.optionalMilliseconds(1)
            restored.states = try Row.fetchAll(db, sql: ControlStatements.states)
                .map { try $0.kpiState() }
            restored.episodes = try Row.fetchAll(db, sql: ControlStatements.firing)
                .map { try $0.episode() }
            return restored
        }
    }

    /// In their order, from the one behind `seq` on.
    public func transitions(
        after seq: Int64, limit: Int
    ) async throws(StorageError) -> [TransitionRow] {
        try await read("read transitions") { db in
            try Row.fetchAll(
                db.cachedStatement(sql: ControlStatements.transitionsAfter),
                arguments: [seq, limit]
            ).map { try $0.transition() }
        }
    }

    /// 0 where there is none.
    public func lastTransition() async throws(StorageError) -> Int64 {
        try await read("read the last transition") { db in
            try Int64.fetchOne(db, sql: ControlStatements.lastTransition) ?? 0
        }
    }
}

// MARK: Episodes

extension ControlStore {
    /// Newest first.
    public func episodes(_ query: EpisodeQuery) async throws(StorageError) -> [EpisodeRow] {
        let arguments: [String: (any DatabaseValueConvertible)?] = [
            "before": query.before ?? .max, "state": query.state?.rawValue, "kpi": query.kpi,
            "from": query.from?.milliseconds ?? .min, "to": query.to?.milliseconds ?? .max,
            "limit": query.limit,
        ]
        let bound = StatementArguments(arguments)
        return try await read("read episodes") { db in
            try Row.fetchAll(
                db.cachedStatement(sql: ControlStatements.episodes), arguments: bound
            ).map { try $0.episode() }
        }
    }

    /// One of them, with its history.
    public func episode(
        _ id: Int64
    ) async throws(StorageError) -> (episode: EpisodeRow, transitions: [TransitionRow])? {
        try await read("read an episode") { db in
            guard let episode = try Self.episode(db, id) else { return nil }
            let transitions = try Row.fetchAll(
                db, sql: ControlStatements.transitionsOfEpisode, arguments: [id]
            ).map { try $0.transition() }
            return (episode, transitions)
        }
    }

    /// Notes who has seen an alert; the first one counts.
    /// - Returns: the episode as it is now; nil where there is none of this number.
    public func acknowledge(
        _ id: Int64, by name: String, at now: Timestamp
    ) async throws(StorageError) -> EpisodeRow? {
        try await write("acknowledge an alert") { db in
            try db.execute(
                sql: ControlStatements.acknowledge, arguments: [name, now.milliseconds, id])
            return try Self.episode(db, id)
        }
    }

    static func episode(_ db: Database, _ id: Int64) throws -> EpisodeRow? {
        try Row.fetchOne(
            db.cachedStatement(sql: ControlStatements.episode), arguments: [id])?.episode()
    }
}

// MARK: Silences

extension ControlStore {
    public func silences() async throws(StorageError) -> [SilenceRow] {
        try await read("read silences") { db in
            try Row.fetchAll(db, sql: ControlStatements.silences).map { try $0.silence() }
        }
    }

    /// - Returns: it, with its number.
    public func add(_ silence: SilenceRow) async throws(StorageError) -> SilenceRow {
        try await write("add a silence") { db in
            try db.execute(
                sql: ControlStatements.insertSilence,
                arguments: StatementArguments(silence.columns))
            var stored = silence
            stored.id = db.lastInsertedRowID
            return stored
        }
    }

    /// - Returns: whether it was there.
    public func removeSilence(_ id: Int64) async throws(StorageError) -> Bool {
        try await write("remove a silence") { db in
            try db.execute(sql: ControlStatements.removeSilence, arguments: [id])
            return db.changesCount > 0
        }
    }
}

// MARK: History

extension ControlStore {
    /// Removes what ended longer ago than the limits keep it.
    public func prune(_ now: Timestamp) async throws(StorageError) {
        let history = now.milliseconds - limits.historyMilliseconds
        let deliveries = now.milliseconds - limits.deliveriesMilliseconds
        try await write("remove old alerts") { db in
            try db.execute(sql: ControlStatements.pruneDeliveries, arguments: [deliveries])
            try db.execute(sql: ControlStatements.pruneTransitions, arguments: [history])
            try db.execute(sql: ControlStatements.pruneEpisodes, arguments: [history])
        }
    }
}
