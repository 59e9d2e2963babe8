enum CoverageStatements {
    static let floors = "SELECT interval, floor FROM floors"

    /// A floor never falls.
    static let raiseFloor = """
        INSERT INTO floors (interval, floor) VALUES (?, ?)
        ON CONFLICT (interval) DO UPDATE SET floor = max(floor, excluded.floor)
        """

    static let uncovered = """
        SELECT from_ms, to_ms, reason FROM uncovered ORDER BY from_ms, to_ms, reason
        """

    /// The union of a range with all that touch it. They are few, so they are all looked at.
    static let addUncovered = """
        INSERT INTO uncovered (from_ms, to_ms, reason)
        SELECT min(?1, coalesce(min(from_ms), ?1)), max(?2, coalesce(max(to_ms), ?2)), ?3
        FROM uncovered WHERE reason = ?3 AND from_ms <= ?2 AND to_ms >= ?1
        ON CONFLICT DO NOTHING
        """

    /// What the union has made superfluous.
    static let removeTouching = """
        DELETE FROM uncovered AS part WHERE reason = ?3 AND from_ms <= ?2 AND to_ms >= ?1
            AND EXISTS (SELECT 1 FROM uncovered AS whole WHERE whole.reason = part.reason
                AND whole.from_ms <= part.from_ms AND whole.to_ms >= part.to_ms
                AND (whole.from_ms, whole.to_ms) <> (part.from_ms, part.to_ms))
        """
}
