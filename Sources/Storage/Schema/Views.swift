internal import TimeSeries

/// What people read with plain `sqlite3`: a view an interval, a row a bucket, numbers as REAL.
///
///     SELECT * FROM buckets_5m WHERE metric = 'tool.duration' AND start >= '2026-11-25T10' LIMIT 10;
///
/// Tidemark itself never reads them. They hold sums and values as near as a REAL comes.
enum Views {
    static let all = places + Interval.allCases.map(view).joined()

    /// 0 to 59: the places of a chunk; 16 to the power of each: the digits of `hex()`.
    private static let places = """
        CREATE TABLE places (
            place INTEGER PRIMARY KEY,
            weight REAL NOT NULL
        ) STRICT;
        WITH RECURSIVE powers(place, weight) AS (
            SELECT 0, 1.0 UNION ALL SELECT place + 1, weight * 16 FROM powers WHERE place < 59
        )
        INSERT INTO places SELECT place, weight FROM powers;

        """

    /// Digit by digit, each digit exact, the sign first: no difference of large numbers spoils a small
    /// one.
    private static func real(_ column: String) -> String {
        let digit =
            "instr('123456789ABCDEF', substr(hex(\(column)), 2 * length(\(column)) - place, 1))"
        let isFirst = "(place = 2 * length(\(column)) - 1)"
        return """
            CASE WHEN typeof(\(column)) = 'integer' THEN \(column)
                WHEN hex(\(column)) >= '8' THEN
                    (SELECT total((\(digit) - 8 * \(isFirst)) * weight)
                    FROM places WHERE place < 2 * length(\(column)))
                ELSE -1 -
                    (SELECT total((15 - 8 * \(isFirst) - \(digit)) * weight)
                    FROM places WHERE place < 2 * length(\(column))) END
            """
    }

    private static func view(_ interval: Interval) -> String {
        let seconds = interval.milliseconds / 1_000
        return """
            CREATE VIEW buckets_\(interval.name) AS
            WITH records(series_id, chunk, width, record) AS (
                SELECT series_id, chunk, width,
                    substr(numbers, 1 + place * (37 + 3 * width), 37 + 3 * width)
                FROM rollup_\(interval.name) JOIN places ON place < buckets
            ), parts(series_id, start, count, sum, min, max, last, last_ms) AS (
                SELECT series_id,
                    chunk + \(seconds) * (16 * instr('123456789ABCDEF', substr(hex(record), 1, 1))
                        + instr('123456789ABCDEF', substr(hex(record), 2, 1))),
                    substr(record, 2, 8), substr(record, 10, 16), substr(record, 26, width),
                    substr(record, 26 + width, width), substr(record, 26 + 2 * width, width),
                    substr(record, 26 + 3 * width, 8)
                FROM records
                UNION ALL
                SELECT series_id, minute - (minute % \(seconds) + \(seconds)) % \(seconds),
                    count, sum, min, max, last, last_ms
                FROM recent
            ), numbers AS (
                SELECT series_id, start, \(real("count")) AS count, \(real("sum")) AS sum,
                    \(real("min")) AS min, \(real("max")) AS max, \(real("last")) AS last,
                    \(real("last_ms")) AS last_ms
                FROM parts
                WHERE start >= coalesce(
                    (SELECT floor FROM floors WHERE interval = '\(interval.name)'), start)
            ), ranked AS (
                SELECT *, row_number() OVER (
                    PARTITION BY series_id, start ORDER BY last_ms DESC, last DESC) AS rank
                FROM numbers
            )
            SELECT metrics.name AS metric, series.tags, series.series_id,
                strftime('%Y-%m-%dT%H:%M:%SZ', start, 'unixepoch') AS start,
                CAST(sum(count) AS INTEGER) AS count,
                sum(sum) / scale AS sum, sum(sum) / sum(count) / scale AS avg,
                min(min) / scale AS min, max(max) / scale AS max,
                max(CASE rank WHEN 1 THEN last END) / scale AS last, metrics.unit
            FROM ranked
            JOIN series USING (series_id)
            JOIN (SELECT *, CAST('1e' || scale_digits AS REAL) AS scale FROM metrics) AS metrics
                USING (metric_id)
            GROUP BY series_id, start;

            """
    }
}
