enum StateStatements {
    static let remove = "DELETE FROM state WHERE kind = ? AND key = ?"

    static let upsert = """
        INSERT INTO state (kind, key, value) VALUES (?, ?, ?)
        ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value
        """

    static let all = "SELECT kind, key, value FROM state ORDER BY kind, key"

    static let removeAll = "DELETE FROM state"
}
