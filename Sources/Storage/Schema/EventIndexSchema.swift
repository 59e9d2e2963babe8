/// Where events stand in the log (see `EventIndex`). Rows of chapters never change; nothing in them needs a
/// line that is not finished.
enum EventIndexSchema {
    static let all = chapters + values

    /// `blocks` and `entries`: see `ChapterBlobs`. Without a time it holds no event.
    private static let chapters = """
        CREATE TABLE index_chapters (
            first_id INTEGER PRIMARY KEY CHECK (first_id > 0),
            last_id INTEGER NOT NULL CHECK (last_id >= first_id),
            volume_id INTEGER NOT NULL CHECK (volume_id BETWEEN 1 AND first_id),
            partition_id INTEGER NOT NULL CHECK (partition_id BETWEEN 0 AND volume_id),
            start INTEGER NOT NULL CHECK (start >= 0),
            length INTEGER NOT NULL CHECK (length > 0),
            from_ms INTEGER,
            to_ms INTEGER CHECK (to_ms >= from_ms),
            blocks BLOB NOT NULL,
            entries BLOB NOT NULL
        ) STRICT;

        CREATE TABLE index_volumes (
            volume_id INTEGER PRIMARY KEY CHECK (volume_id > 0),
            last_id INTEGER NOT NULL CHECK (last_id >= volume_id),
            from_ms INTEGER,
            to_ms INTEGER CHECK (to_ms >= from_ms)
        ) STRICT;

        """

    /// `field`: 0 session_id, 1 source_app, 2 type, 3 agent_id. `chapters`: a bit for each of the volume.
    private static let values = """
        CREATE TABLE index_values (
            value_id INTEGER PRIMARY KEY,
            field INTEGER NOT NULL CHECK (field BETWEEN 0 AND 3),
            text BLOB NOT NULL,
            last_id INTEGER NOT NULL CHECK (last_id > 0),
            UNIQUE (field, text)
        ) STRICT;

        CREATE INDEX index_values_by_age ON index_values (field, last_id);

        CREATE TABLE index_postings (
            value_id INTEGER NOT NULL REFERENCES index_values (value_id),
            volume_id INTEGER NOT NULL REFERENCES index_volumes (volume_id),
            chapters INTEGER NOT NULL CHECK (chapters <> 0),
            PRIMARY KEY (value_id, volume_id)
        ) STRICT, WITHOUT ROWID;

        """
}
