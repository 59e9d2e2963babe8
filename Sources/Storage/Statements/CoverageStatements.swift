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

    static let addUncovered = """
        INSERT INTO uncovered (from_ms, to_ms, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
        """
}
