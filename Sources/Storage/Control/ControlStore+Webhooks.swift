internal import GRDB
public import TimeSeries

extension ControlStore {
    /// In the order of their ids.
    public func webhooks() async throws(StorageError) -> [WebhookRow] {
        try await read("read webhooks") { db in try Self.webhooks(db) }
    }

    public func webhook(_ id: String) async throws(StorageError) -> WebhookRow? {
        try await read("read a webhook") { db in try Self.webhook(db, id) }
    }

    /// - Returns: whether it was added; false where there is one of this id.
    public func add(_ webhook: WebhookRow) async throws(StorageError) -> Bool {
        let isAdded = try await write("add a webhook") { db in
            guard try Self.webhook(db, webhook.id) == nil else { return false }
            try Self.insert(db, webhook)
            return true
        }
        noteChange()
        return isAdded
    }

    /// Removes one with its deliveries.
    /// - Returns: whether it was there.
    public func removeWebhook(_ id: String) async throws(StorageError) -> Bool {
        let isRemoved = try await write("remove a webhook") { db in
            try db.execute(sql: ControlStatements.removeWebhook, arguments: [id])
            return db.changesCount > 0
        }
        noteChange()
        return isRemoved
    }

    /// Makes those from the file what the file says. One that is the same keeps its deliveries, and stays
    /// disabled where it was; one that was added by a request has the first right to its id.
    /// - Returns: ids of entries that were passed over, since a request has added the same.
    public func setWebhooks(
        fromFile entries: [WebhookRow]
    ) async throws(StorageError) -> [String] {
        let passedOver = try await write("set the webhooks of the file") { db in
            let stored = try Self.webhooks(db)
            let ids = Set(entries.map(\.id))
            for old in stored where old.isFromFile && !ids.contains(old.id) {
                try db.execute(sql: ControlStatements.removeWebhook, arguments: [old.id])
            }
            var passedOver: [String] = []
            for entry in entries {
                guard let old = stored.first(where: { $0.id == entry.id }) else {
                    try Self.insert(db, entry)
                    continue
                }
                guard old.isFromFile else {
                    passedOver.append(entry.id)
                    continue
                }
                try Self.replace(db, old, by: entry)
            }
            return passedOver
        }
        noteChange()
        return passedOver
    }

    /// Sends to it no more, and fails what is open; or, without a reason, sends again.
    public func setDisabled(
        _ id: String, reason: String?, at now: Timestamp
    ) async throws(StorageError) {
        let limits = limits
        try await write("enable or disable a webhook") { db in
            if let reason {
                try OutboxTransaction(db: db, limits: limits).disable(id, reason, at: now)
            } else {
                try db.execute(sql: ControlStatements.setDisabled, arguments: [nil, id])
            }
        }
        noteChange()
    }

    static func webhooks(_ db: Database) throws -> [WebhookRow] {
        try Row.fetchAll(db.cachedStatement(sql: ControlStatements.webhooks))
            .map { try $0.webhook() }
    }

    private static func webhook(_ db: Database, _ id: String) throws -> WebhookRow? {
        try Row.fetchOne(
            db.cachedStatement(sql: ControlStatements.webhook), arguments: [id])?.webhook()
    }

    private static func insert(_ db: Database, _ webhook: WebhookRow) throws {
        try db.execute(
            sql: ControlStatements.insertWebhook,
            arguments: StatementArguments([webhook.id] + webhook.columns))
    }

    /// Where it is another receiver now, it is not disabled any more.
    private static func replace(
        _ db: Database, _ old: WebhookRow, by entry: WebhookRow
    ) throws {
        var new = entry
        new.createdAt = old.createdAt
        new.disabledReason = old.url == entry.url ? old.disabledReason : nil
        guard new != old else { return }
        try db.execute(
            sql: ControlStatements.replaceWebhook,
            arguments: StatementArguments(new.columns + [new.id]))
    }
}
