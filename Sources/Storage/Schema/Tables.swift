internal import TimeSeries

enum Tables {
    static let all = folds + rollups + coverage + state

    /// The checkpoint is the first row that a flush writes and the last one that it needs: no row of
    /// another table is newer.
    private static let folds = """
        CREATE TABLE checkpoint (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            log_id TEXT NOT NULL,
            last_id INTEGER NOT NULL CHECK (last_id >= 0),
            time_ms INTEGER NOT NULL,
            fold_version INTEGER NOT NULL,
            settled_ms INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE metrics (
            metric_id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL CHECK (kind IN ('counter', 'gauge', 'distribution')),
            scale_digits INTEGER NOT NULL CHECK (scale_digits BETWEEN 6 AND 9),
            unit TEXT NOT NULL,
            tag_keys TEXT NOT NULL,
            help TEXT NOT NULL,
            first_seen_id INTEGER NOT NULL CHECK (first_seen_id >= 0)
        ) STRICT;

        CREATE TABLE series (
            series_id INTEGER PRIMARY KEY CHECK (series_id BETWEEN 0 AND 4294967295),
            metric_id INTEGER NOT NULL REFERENCES metrics (metric_id),
            tags TEXT NOT NULL,
            is_overflow INTEGER NOT NULL GENERATED ALWAYS AS (tags = '{"overflow":"true"}') VIRTUAL,
            lifetime_count INTEGER NOT NULL CHECK (lifetime_count >= 0),
            lifetime_sum BLOB NOT NULL CHECK (length(lifetime_sum) = 16),
            last_sample_ms INTEGER NOT NULL,
            UNIQUE (metric_id, tags)
        ) STRICT;

        CREATE TABLE admissions (
            series_id INTEGER NOT NULL REFERENCES series (series_id),
            admitted_at_id INTEGER NOT NULL CHECK (admitted_at_id >= 0),
            retired_at_id INTEGER CHECK (retired_at_id >= admitted_at_id),
            PRIMARY KEY (series_id, admitted_at_id)
        ) STRICT, WITHOUT ROWID;

        """

    private static let rollups = recent + Interval.allCases.map(rollup).joined()

    /// Minutes that changed of late and are not yet part of the rollup tables. The rows of one minute
    /// stand side by side, as they came.
    private static let recent = """
        CREATE TABLE recent (
            recent_id INTEGER PRIMARY KEY,
            series_id INTEGER NOT NULL REFERENCES series (series_id),
            minute INTEGER NOT NULL CHECK (minute % 60 = 0),
            count INTEGER NOT NULL CHECK (count > 0),
            sum BLOB NOT NULL CHECK (length(sum) = 16),
            min ANY NOT NULL CHECK (typeof(min) = 'integer' OR length(min) = 16),
            max ANY NOT NULL CHECK (typeof(max) = 'integer' OR length(max) = 16),
            last ANY NOT NULL CHECK (typeof(last) = 'integer' OR length(last) = 16),
            last_ms INTEGER NOT NULL,
            sketch BLOB CHECK (length(sketch) > 0),
            UNIQUE (series_id, minute)
        ) STRICT;

        """

    /// A row is a chunk of up to 60 buckets (see `BucketChunk`).
    private static func rollup(_ interval: Interval) -> String {
        let length = BucketChunk.length(interval) / 1_000
        return """
            CREATE TABLE rollup_\(interval.name) (
                series_id INTEGER NOT NULL REFERENCES series (series_id),
                chunk INTEGER NOT NULL CHECK (chunk % \(length) = 0),
                buckets INTEGER NOT NULL CHECK (buckets BETWEEN 1 AND \(BucketChunk.bucketsMax)),
                width INTEGER NOT NULL CHECK (width IN (8, 16)),
                numbers BLOB NOT NULL CHECK (length(numbers) = buckets * (37 + 3 * width)),
                sketches BLOB NOT NULL,
                UNIQUE (series_id, chunk)
            ) STRICT;

            """
    }

    private static let coverage = """
        CREATE TABLE floors (
            interval TEXT PRIMARY KEY NOT NULL CHECK (interval IN ('1m', '3m', '5m', '15m', '1h')),
            floor INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE uncovered (
            from_ms INTEGER NOT NULL,
            to_ms INTEGER NOT NULL CHECK (to_ms > from_ms),
            reason TEXT NOT NULL CHECK (reason IN ('retention', 'corrupt')),
            PRIMARY KEY (from_ms, to_ms, reason)
        ) STRICT, WITHOUT ROWID;

        """

    private static let state = """
        CREATE TABLE state (
            kind TEXT NOT NULL,
            key BLOB NOT NULL,
            value BLOB NOT NULL,
            PRIMARY KEY (kind, key)
        ) STRICT, WITHOUT ROWID;

        """
}
