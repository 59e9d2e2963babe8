enum CheckpointStatements {
    /// One row, or none in a new store.
    static let select = """
        SELECT log_id, last_id, time_ms, fold_version, settled_ms FROM checkpoint
        """

    static let upsert = """
        INSERT INTO checkpoint (only, log_id, last_id, time_ms, fold_version, settled_ms)
        VALUES (1, ?, ?, ?, ?, ?)
        ON CONFLICT (only) DO UPDATE SET
            log_id = excluded.log_id, last_id = excluded.last_id, time_ms = excluded.time_ms,
            fold_version = excluded.fold_version, settled_ms = excluded.settled_ms
        """
}
