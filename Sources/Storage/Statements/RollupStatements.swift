internal import TimeSeries

/// The statements of one rollup table, all by the index of UNIQUE (series_id, chunk) but where they say
/// otherwise.
struct RollupStatements {
    let select: String
    let upsert: String
    let remove: String
    let range: String
    let seriesOverlapping: String
    let chunksBefore: String
    let countBuckets: String

    /// The order of `Interval.allCases`.
    private static let all = Interval.allCases.map { RollupStatements(table: "rollup_\($0.name)") }

    static func of(_ interval: Interval) -> RollupStatements {
        switch interval {
        case .oneMinute: all[0]
        case .threeMinutes: all[1]
        case .fiveMinutes: all[2]
        case .fifteenMinutes: all[3]
        case .oneHour: all[4]
        }
    }

    private init(table: String) {
        select = """
            SELECT chunk, width, numbers, sketches FROM \(table) WHERE series_id = ? AND chunk = ?
            """
        upsert = """
            INSERT INTO \(table) (series_id, chunk, buckets, width, numbers, sketches)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (series_id, chunk) DO UPDATE SET
                buckets = excluded.buckets, width = excluded.width, numbers = excluded.numbers,
                sketches = excluded.sketches
            """
        remove = """
            DELETE FROM \(table) WHERE series_id = ? AND chunk = ?
            """
        range = """
            SELECT chunk, width, numbers, sketches FROM \(table)
            WHERE series_id = ? AND chunk >= ? AND chunk < ?
            ORDER BY chunk
            """
        // Reads the whole index.
        seriesOverlapping = """
            SELECT series_id, chunk FROM \(table) WHERE chunk >= ? AND chunk < ?
            """
        // Reads the whole index.
        chunksBefore = """
            DELETE FROM \(table) WHERE chunk < ?
            """
        // Reads the whole table, though not the pages that chunks overflow to.
        countBuckets = """
            SELECT coalesce(sum(buckets), 0) FROM \(table)
            """
    }
}
