enum IndexStatements {
    static let insertChapter = """
        INSERT INTO index_chapters
            (first_id, last_id, volume_id, partition_id, start, length, from_ms, to_ms, blocks,
            entries)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let upsertVolume = """
        INSERT INTO index_volumes (volume_id, last_id, from_ms, to_ms) VALUES (?, ?, ?, ?)
        ON CONFLICT (volume_id) DO UPDATE SET
            last_id = excluded.last_id,
            from_ms = min(coalesce(from_ms, excluded.from_ms), coalesce(excluded.from_ms, from_ms)),
            to_ms = max(coalesce(to_ms, excluded.to_ms), coalesce(excluded.to_ms, to_ms))
        """

    static let upsertValue = """
        INSERT INTO index_values (field, text, last_id) VALUES (?, ?, ?)
        ON CONFLICT (field, text) DO UPDATE SET last_id = excluded.last_id
        RETURNING value_id
        """

    static let upsertPosting = """
        INSERT INTO index_postings (value_id, volume_id, chapters) VALUES (?, ?, ?)
        ON CONFLICT (value_id, volume_id) DO UPDATE SET chapters = chapters | excluded.chapters
        """

    /// A volume is of one partition; a value goes with the last event that has it.
    static let removal = [
        """
        DELETE FROM index_postings WHERE volume_id IN
            (SELECT volume_id FROM index_volumes WHERE last_id < ?)
        """,
        "DELETE FROM index_chapters WHERE first_id < ?",
        "DELETE FROM index_volumes WHERE last_id < ?",
        "DELETE FROM index_values WHERE last_id < ?",
    ]

    /// The last row by the primary key.
    static let end = """
        SELECT last_id, volume_id, partition_id, start FROM index_chapters
        ORDER BY first_id DESC LIMIT 1
        """

    /// By the index of UNIQUE (field, text).
    static let valueID = "SELECT value_id FROM index_values WHERE field = ? AND text = ?"

    /// By `index_values_by_age`.
    static let newestValues = """
        SELECT text, last_id FROM index_values WHERE field = ? ORDER BY last_id DESC LIMIT ?
        """

    /// The first volume that can hold a line: the one that begins at or before it.
    static let volumeBefore = """
        SELECT volume_id FROM index_volumes WHERE volume_id <= ? ORDER BY volume_id DESC LIMIT 1
        """

    static let postingCount = """
        SELECT count(*) FROM (SELECT 1 FROM index_postings WHERE value_id = ? LIMIT ?)
        """

    static let posting = """
        SELECT chapters FROM index_postings WHERE value_id = ? AND volume_id = ?
        """

    /// By the primary keys.
    static func volumes(newestFirst: Bool) -> String {
        newestFirst ? volumesBackward : volumesForward
    }

    static func postings(newestFirst: Bool) -> String {
        newestFirst ? postingsBackward : postingsForward
    }

    static func chapters(newestFirst: Bool) -> String {
        newestFirst ? chaptersBackward : chaptersForward
    }

    private static let volumesForward = """
        SELECT volume_id, last_id, from_ms, to_ms FROM index_volumes
        WHERE volume_id BETWEEN ? AND ? ORDER BY volume_id LIMIT ?
        """

    private static let volumesBackward = """
        SELECT volume_id, last_id, from_ms, to_ms FROM index_volumes
        WHERE volume_id BETWEEN ? AND ? ORDER BY volume_id DESC LIMIT ?
        """

    private static let postingsForward = """
        SELECT volume_id, last_id, from_ms, to_ms, chapters
        FROM index_postings JOIN index_volumes USING (volume_id)
        WHERE value_id = ? AND volume_id BETWEEN ? AND ? ORDER BY volume_id LIMIT ?
        """

    private static let postingsBackward = """
        SELECT volume_id, last_id, from_ms, to_ms, chapters
        FROM index_postings JOIN index_volumes USING (volume_id)
        WHERE value_id = ? AND volume_id BETWEEN ? AND ? ORDER BY volume_id DESC LIMIT ?
        """

    private static let chapterColumns = """
        SELECT start, from_ms, to_ms, last_id, volume_id, partition_id, first_id, length, blocks,
            entries
        FROM index_chapters WHERE first_id BETWEEN ? AND ?
        """

    private static let chaptersForward = chapterColumns + " ORDER BY first_id"
    private static let chaptersBackward = chapterColumns + " ORDER BY first_id DESC"

    static let volumeBehind = """
        SELECT volume_id FROM index_volumes WHERE volume_id > ? ORDER BY volume_id LIMIT 1
        """

    static let valueText = "SELECT field, text FROM index_values WHERE value_id = ?"

    /// In the order of `UNIQUE (field, text)`.
    static let valuesAfter = """
        SELECT field, text, last_id FROM index_values WHERE (field, text) > (?, ?)
        ORDER BY field, text LIMIT ?
        """
}
