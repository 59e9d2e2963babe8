enum SeriesStatements {
    /// Kind and scale stay: `metric` compares them.
    static let upsertMetric = """
        INSERT INTO metrics (name, kind, scale_digits, unit, tag_keys, help, first_seen_id)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET
            unit = excluded.unit, tag_keys = excluded.tag_keys, help = excluded.help
        """

    /// By the index of UNIQUE (name).
    static let metric = """
        SELECT metric_id, kind, scale_digits FROM metrics WHERE name = ?
        """

    static let insert = """
        INSERT INTO series
            (series_id, metric_id, tags, lifetime_count, lifetime_sum, last_sample_ms)
        VALUES (?, ?, ?, ?, ?, ?)
        """

    static let updateTotals = """
        UPDATE series SET lifetime_count = ?, lifetime_sum = ?, last_sample_ms = ?
        WHERE series_id = ?
        """

    static let upsertAdmission = """
        INSERT INTO admissions (series_id, admitted_at_id, retired_at_id) VALUES (?, ?, ?)
        ON CONFLICT (series_id, admitted_at_id) DO UPDATE SET retired_at_id = excluded.retired_at_id
        """

    static let allMetrics = """
        SELECT name, kind, scale_digits, unit, tag_keys, help, first_seen_id
        FROM metrics ORDER BY metric_id
        """

    /// Each with the newest of its admissions: of a row beside max() SQLite takes the row that has it.
    static let all = """
        SELECT series_id, name, tags, kind, scale_digits, lifetime_count, lifetime_sum,
            last_sample_ms, admitted_at_id, retired_at_id
        FROM series
        JOIN metrics USING (metric_id)
        JOIN (SELECT series_id, max(admitted_at_id) AS admitted_at_id, retired_at_id
            FROM admissions GROUP BY series_id) USING (series_id)
        ORDER BY series_id
        """

    static let count = "SELECT count(*) FROM series"

    static let allIDs = "SELECT series_id FROM series ORDER BY series_id"

    static let allAdmissions = """
        SELECT series_id, admitted_at_id, retired_at_id FROM admissions
        ORDER BY series_id, admitted_at_id
        """
}
