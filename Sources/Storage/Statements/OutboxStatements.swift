/// All by the indexes of `ControlTables`.
enum OutboxStatements {
    static let columns = """
        delivery_id, webhook_id, message_id, seq, state, created_ms, attempts, next_ms,
        last_attempt_ms, last_status, last_error, ended_ms
        """

    static let insertPending = """
        INSERT INTO deliveries (webhook_id, message_id, lane, seq, created_ms, state, next_ms,
            attempts)
        VALUES (?, ?, ?, ?, ?, 'pending', ?, 0)
        """

    static let insertWaiting = """
        INSERT INTO deliveries (webhook_id, message_id, lane, seq, created_ms, state, attempts)
        VALUES (?, ?, ?, ?, ?, 'waiting', 0)
        """

    static let insertFailed = """
        INSERT INTO deliveries (webhook_id, message_id, lane, seq, created_ms, state, ended_ms,
            last_error, attempts)
        VALUES (?, ?, ?, ?, ?, 'failed', ?, ?, 0)
        """

    static let openCount = """
        SELECT count(*) FROM deliveries
        WHERE webhook_id = ? AND state IN ('pending', 'waiting')
        """

    static let wasTold = "SELECT 1 FROM deliveries WHERE webhook_id = ? AND lane = ? LIMIT 1"

    static let pendingOfLane = """
        SELECT delivery_id, created_ms FROM deliveries
        WHERE webhook_id = ? AND lane = ? AND state = 'pending'
        """

    /// The first two.
    static let waitingOfLane = """
        SELECT delivery_id, created_ms FROM deliveries
        WHERE webhook_id = ? AND lane = ? AND state = 'waiting' ORDER BY delivery_id LIMIT 2
        """

    static let overtake = """
        UPDATE deliveries SET overtaken_ms = ? WHERE delivery_id = ? AND overtaken_ms IS NULL
        """

    static let supersede = """
        UPDATE deliveries
        SET state = 'superseded', ended_ms = ?, next_ms = NULL, overtaken_ms = NULL
        WHERE delivery_id = ?
        """

    static let promote = """
        UPDATE deliveries SET state = 'pending', next_ms = ?, overtaken_ms = ?, ended_ms = NULL
        WHERE delivery_id = ?
        """

    static let due = """
        SELECT \(columns) FROM deliveries
        WHERE webhook_id = ? AND state = 'pending' AND next_ms <= ?
        ORDER BY next_ms, delivery_id LIMIT ?
        """

    static let overtaken = """
        SELECT delivery_id, lane FROM deliveries WHERE webhook_id = ? AND overtaken_ms <= ?
        ORDER BY overtaken_ms
        """

    /// When something is to be done next, and for which.
    static let nextAttempts = """
        SELECT delivery_id, next_ms FROM deliveries
        WHERE webhook_id = ? AND state = 'pending' ORDER BY next_ms, delivery_id LIMIT ?
        """

    static let nextOvertaken = """
        SELECT delivery_id, overtaken_ms FROM deliveries
        WHERE webhook_id = ? AND overtaken_ms IS NOT NULL ORDER BY overtaken_ms LIMIT ?
        """

    static let attempted = """
        UPDATE deliveries SET attempts = attempts + 1, last_attempt_ms = ?, last_status = ?,
            last_error = ?
        WHERE delivery_id = ? AND state = 'pending' RETURNING webhook_id, lane
        """

    static let reschedule = "UPDATE deliveries SET next_ms = ? WHERE delivery_id = ?"

    static let end = """
        UPDATE deliveries SET state = ?, ended_ms = ?, next_ms = NULL, overtaken_ms = NULL
        WHERE delivery_id = ?
        """

    static let failAll = """
        UPDATE deliveries SET state = 'failed', ended_ms = ?, next_ms = NULL, overtaken_ms = NULL,
            last_error = coalesce(last_error, ?)
        WHERE webhook_id = ? AND state IN ('pending', 'waiting')
        """

    static let delivery = "SELECT \(columns) FROM deliveries WHERE delivery_id = ?"

    static let place = """
        SELECT webhook_id, lane, state FROM deliveries WHERE delivery_id = ?
        """

    static let reopen = """
        UPDATE deliveries SET state = 'pending', attempts = 0, ended_ms = NULL, next_ms = ?
        WHERE delivery_id = ?
        """

    /// Backward by the index of a webhook's.
    static let ofWebhook = """
        SELECT \(columns) FROM deliveries WHERE webhook_id = ? AND delivery_id < ?
        ORDER BY delivery_id DESC LIMIT ?
        """

    static let counts = """
        SELECT state, count(*) FROM deliveries GROUP BY state
        """

    /// The last transition that a webhook was told of, of each episode that fires.
    static let toldFiring = """
        SELECT max(deliveries.seq) FROM episodes
        JOIN deliveries ON deliveries.webhook_id = ?
            AND deliveries.lane = CAST(episodes.episode_id AS TEXT)
            AND deliveries.state = 'delivered'
        WHERE episodes.state = 'firing'
        GROUP BY episodes.episode_id ORDER BY episodes.episode_id LIMIT ?
        """
}
