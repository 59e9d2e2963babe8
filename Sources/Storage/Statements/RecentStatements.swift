/// All by the index of UNIQUE (series_id, minute).
enum RecentStatements {
    static let select = """
        SELECT recent_id, count, sum, min, max, last, last_ms, sketch FROM recent
        WHERE series_id = ? AND minute = ?
        """

    static let insert = """
        INSERT INTO recent (series_id, minute, count, sum, min, max, last, last_ms, sketch)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let update = """
        UPDATE recent
        SET count = ?, sum = ?, min = ?, max = ?, last = ?, last_ms = ?, sketch = ?
        WHERE recent_id = ?
        """

    static let range = """
        SELECT minute, count, sum, min, max, last, last_ms, sketch FROM recent
        WHERE series_id = ? AND minute >= ? AND minute < ?
        ORDER BY minute
        """

    static let all = """
        SELECT minute, count, sum, min, max, last, last_ms, sketch, series_id FROM recent
        ORDER BY series_id, minute
        """

    static let count = "SELECT count(*) FROM recent"

    /// Drops whole pages, since it asks for no row.
    static let removeAll = "DELETE FROM recent"
}
