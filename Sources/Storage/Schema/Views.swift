internal import TimeSeries

/// What people read with plain `sqlite3`: `buckets_1m` to `buckets_1h`, a row a bucket, numbers as REAL.
///
///     SELECT * FROM buckets_5m WHERE metric = 'tool.duration' AND start >= '2026-11-25T10' LIMIT 10;
///
/// Tidemark itself never reads them. Their numbers are as near as a REAL comes. The views below them have
/// numbers in parts: `settled_1m` those of the rollup table, `recent_1m` what recent minutes add.
enum Views {
    static let all =
        places
        + Interval.allCases.map { settled($0) + recent($0) + buckets($0) }.joined()

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

    /// Of ordered bytes, digit by digit, each digit exact, the sign first: no difference of large numbers
    /// spoils a small one.
    private static func real(_ bytes: String, length: String) -> String {
        let digit = "instr('123456789ABCDEF', substr(hex(\(bytes)), 2 * \(length) - place, 1))"
        let isFirst = "(place = 2 * \(length) - 1)"
        return """
            CASE WHEN hex(\(bytes)) >= '8' THEN
                (SELECT total((\(digit) - 8 * \(isFirst)) * weight)
                FROM places WHERE place < 2 * \(length))
            ELSE
                -1 - (SELECT total((15 - 8 * \(isFirst) - \(digit)) * weight)
                FROM places WHERE place < 2 * \(length)) END
            """
    }

    /// See `BucketChunk`.
    private static func settled(_ interval: Interval) -> String {
        func value(_ offset: String, _ length: String) -> String {
            real("substr(record, \(offset), \(length))", length: length)
        }
        return """
            CREATE VIEW settled_\(interval.name) AS
            SELECT series_id, chunk,
                chunk + \(interval.milliseconds / 1_000)
                    * (16 * instr('123456789ABCDEF', substr(hex(record), 1, 1))
                    + instr('123456789ABCDEF', substr(hex(record), 2, 1))) AS start,
                \(value("2", "8")) AS count, \(value("10", "16")) AS sum,
                \(value("26", "width")) AS min, \(value("26 + width", "width")) AS max,
                \(value("26 + 2 * width", "width")) AS last,
                \(value("26 + 3 * width", "8")) AS last_ms
            FROM (SELECT series_id, chunk, width,
                    substr(numbers, 1 + place * (37 + 3 * width), 37 + 3 * width) AS record
                FROM rollup_\(interval.name) JOIN places ON place < buckets);

            """
    }

    private static func recent(_ interval: Interval) -> String {
        func value(_ column: String) -> String {
            "CASE typeof(\(column)) WHEN 'integer' THEN \(column) ELSE "
                + real(column, length: "16") + " END"
        }
        let start = floor("minute", interval.milliseconds / 1_000)
        return """
            CREATE VIEW recent_\(interval.name) AS
            SELECT series_id, \(floor("start", BucketChunk.length(interval) / 1_000)) AS chunk, start,
                sum(count) AS count, sum(sum) AS sum, min(min) AS min, max(max) AS max,
                max(CASE rank WHEN 1 THEN last END) AS last, max(last_ms) AS last_ms
            FROM (SELECT *, row_number() OVER (
                    PARTITION BY series_id, start ORDER BY last_ms DESC, last DESC) AS rank
                FROM (SELECT series_id, \(start) AS start, count, \(value("sum")) AS sum,
                        \(value("min")) AS min, \(value("max")) AS max, \(value("last")) AS last,
                        last_ms
                    FROM recent))
            WHERE start >= coalesce(
                (SELECT floor FROM floors WHERE interval = '\(interval.name)'), start)
            GROUP BY series_id, start;

            """
    }

    /// Also of moments before 1970.
    private static func floor(_ time: String, _ seconds: Int64) -> String {
        "\(time) - (\(time) % \(seconds) + \(seconds)) % \(seconds)"
    }

    private static func buckets(_ interval: Interval) -> String {
        """
        CREATE VIEW buckets_\(interval.name) AS
        SELECT name AS metric, tags, series_id,
            strftime('%Y-%m-%dT%H:%M:%SZ', start, 'unixepoch') AS start,
            CAST(count AS INTEGER) AS count,
            sum / CAST('1e' || scale_digits AS REAL) AS sum,
            sum / count / CAST('1e' || scale_digits AS REAL) AS avg,
            min / CAST('1e' || scale_digits AS REAL) AS min,
            max / CAST('1e' || scale_digits AS REAL) AS max,
            last / CAST('1e' || scale_digits AS REAL) AS last, unit
        FROM (SELECT series_id, start, count, sum, min, max, last
            FROM settled_\(interval.name) AS settled
            WHERE NOT EXISTS (SELECT 1 FROM recent
                WHERE recent.series_id = settled.series_id AND minute >= settled.start
                    AND minute < settled.start + \(interval.milliseconds / 1_000))
            UNION ALL
            SELECT recent.series_id, recent.start,
                recent.count + coalesce(settled.count, 0), recent.sum + coalesce(settled.sum, 0),
                min(recent.min, coalesce(settled.min, recent.min)),
                max(recent.max, coalesce(settled.max, recent.max)),
                CASE WHEN settled.last_ms > recent.last_ms OR settled.last_ms = recent.last_ms
                    AND settled.last > recent.last THEN settled.last ELSE recent.last END
            FROM recent_\(interval.name) AS recent
            LEFT JOIN settled_\(interval.name) AS settled
                ON settled.series_id = recent.series_id AND settled.chunk = recent.chunk
                    AND settled.start = recent.start)
        JOIN series USING (series_id)
        JOIN metrics USING (metric_id);

        """
    }
}
