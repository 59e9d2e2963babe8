enum ControlStatements {
    static let head = "SELECT store_key, last_tick_ms, next_episode FROM control"

    static let writeHead = "UPDATE control SET last_tick_ms = ?, next_episode = ?"

    static let upsertState = """
        INSERT INTO kpi_states (kpi, tags, state, status, since_ms, value, episode_id)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (kpi, tags) DO UPDATE SET
            state = excluded.state, status = excluded.status, since_ms = excluded.since_ms,
            value = excluded.value, episode_id = excluded.episode_id
        """

    static let removeState = "DELETE FROM kpi_states WHERE kpi = ? AND tags = ?"

    static let states = """
        SELECT kpi, tags, state, status, since_ms, value, episode_id FROM kpi_states
        ORDER BY kpi, tags
        """

    /// An acknowledgement that is there stays.
    static let upsertEpisode = """
        INSERT INTO episodes (\(episodeColumns))
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (episode_id) DO UPDATE SET
            level = excluded.level, state = excluded.state, ended_ms = excluded.ended_ms,
            peak = excluded.peak, peak_ms = excluded.peak_ms, query = excluded.query,
            acknowledged_by = coalesce(acknowledged_by, excluded.acknowledged_by),
            acknowledged_ms = coalesce(acknowledged_ms, excluded.acknowledged_ms)
        """

    static let episodeColumns = """
        episode_id, kpi, tags, level, state, started_ms, ended_ms, peak, peak_ms,
        acknowledged_by, acknowledged_ms, query
        """

    static let episode = "SELECT \(episodeColumns) FROM episodes WHERE episode_id = ?"

    /// By the index of the firing ones.
    static let firing = """
        SELECT \(episodeColumns) FROM episodes WHERE state = 'firing' ORDER BY episode_id
        """

    /// Backward by the primary key.
    static let episodes = """
        SELECT \(episodeColumns) FROM episodes
        WHERE episode_id < :before AND (:state IS NULL OR state = :state)
            AND (:kpi IS NULL OR kpi = :kpi)
            AND started_ms >= :from AND started_ms < :to
        ORDER BY episode_id DESC LIMIT :limit
        """

    /// The first acknowledgement counts.
    static let acknowledge = """
        UPDATE episodes SET acknowledged_by = ?, acknowledged_ms = ?
        WHERE episode_id = ? AND acknowledged_by IS NULL
        """

    static let insertTransition = """
        INSERT INTO transitions (episode_id, kpi, tags, at_ms, from_status, to_status, type,
            value, log_id, notifies, silenced, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let transitionColumns = """
        seq, episode_id, kpi, tags, at_ms, from_status, to_status, type, value, log_id, notifies,
        silenced, body
        """

    static let transition = "SELECT \(transitionColumns) FROM transitions WHERE seq = ?"

    static let transitionsOfEpisode = """
        SELECT \(transitionColumns) FROM transitions WHERE episode_id = ? ORDER BY seq
        """

    static let transitionsAfter = """
        SELECT \(transitionColumns) FROM transitions WHERE seq > ? ORDER BY seq LIMIT ?
        """

    static let lastTransition = "SELECT coalesce(max(seq), 0) FROM transitions"

    static let insertSilence = """
        INSERT INTO silences (matcher, until_ms, made_by, comment, created_ms)
        VALUES (?, ?, ?, ?, ?)
        """

    static let removeSilence = "DELETE FROM silences WHERE silence_id = ?"

    static let silences = """
        SELECT silence_id, matcher, until_ms, made_by, comment, created_ms FROM silences
        ORDER BY silence_id
        """

    static let insertWebhook = """
        INSERT INTO webhooks (\(webhookColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let replaceWebhook = """
        UPDATE webhooks SET url = ?, format = ?, secrets = ?, kpis = ?, levels = ?,
            source_apps = ?, watchdog = ?, from_file = ?, disabled_why = ?, created_ms = ?
        WHERE webhook_id = ?
        """

    static let webhookColumns = """
        webhook_id, url, format, secrets, kpis, levels, source_apps, watchdog, from_file,
        disabled_why, created_ms
        """

    static let webhooks = "SELECT \(webhookColumns) FROM webhooks ORDER BY webhook_id"

    static let webhook = "SELECT \(webhookColumns) FROM webhooks WHERE webhook_id = ?"

    static let removeWebhook = "DELETE FROM webhooks WHERE webhook_id = ?"

    static let setDisabled = "UPDATE webhooks SET disabled_why = ? WHERE webhook_id = ?"

    static let pruneDeliveries = "DELETE FROM deliveries WHERE ended_ms < ?"

    /// Of episodes that ended before, and of none; not those that a delivery still tells of.
    static let pruneTransitions = """
        DELETE FROM transitions
        WHERE at_ms < ?1
            AND (episode_id IS NULL
                OR episode_id IN (SELECT episode_id FROM episodes WHERE ended_ms < ?1))
            AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.seq = transitions.seq)
            AND seq < (SELECT max(seq) FROM transitions)
        """

    static let pruneEpisodes = """
        DELETE FROM episodes
        WHERE ended_ms < ?
            AND NOT EXISTS (
                SELECT 1 FROM transitions WHERE transitions.episode_id = episodes.episode_id)
            AND NOT EXISTS (
                SELECT 1 FROM kpi_states WHERE kpi_states.episode_id = episodes.episode_id)
        """
}
