internal import Foundation
internal import GRDB
internal import Rollup
internal import TimeSeries

/// The minutes that changed of late: one table that every flush goes to, from which the five rollup tables
/// take in many flushes at once.
struct RecentTable {
    let db: Database

    /// Merges into the rows that are there.
    func merge(_ minutes: BucketBatch) throws {
        let select = try db.cachedStatement(sql: RecentStatements.select)
        let insert = try db.cachedStatement(sql: RecentStatements.insert)
        let update = try db.cachedStatement(sql: RecentStatements.update)
        for entry in minutes.entries {
            let place: [any DatabaseValueConvertible] = [
                entry.series.stored, entry.start.storedSeconds,
            ]
            if let row = try Row.fetchOne(select, arguments: StatementArguments(place)) {
                var bucket = try row.bucket(at: 1)
                bucket.merge(entry.bucket)
                let arguments = bucket.columns + [try row.integer(0)]
                try update.execute(arguments: StatementArguments(arguments))
            } else {
                try insert.execute(arguments: StatementArguments(place + entry.bucket.columns))
            }
        }
    }

    /// The buckets of an interval that these minutes make, in the order of time.
    /// - Parameter range: from the start of a bucket to that of another.
    func buckets(
        _ series: SeriesID, _ interval: Interval, _ range: TimeRange
    ) throws -> [SeriesBucket] {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: RecentStatements.range),
            arguments: [series.stored, range.from.storedSeconds, range.to.storedSeconds])
        var minutes: [SeriesBucket] = []
        while let row = try rows.next() {
            minutes.append(
                SeriesBucket(
                    series: series, start: try row.seconds(0), bucket: try row.bucket(at: 1))
            )
        }
        guard !minutes.isEmpty else { return [] }
        return BucketBatch(merging: minutes).expanded(to: interval).batch.entries
    }

    func all() throws -> BucketBatch {
        let rows = try Row.fetchCursor(db.cachedStatement(sql: RecentStatements.all))
        var minutes: [SeriesBucket] = []
        while let row = try rows.next() {
            minutes.append(
                SeriesBucket(
                    series: try row.series(8), start: try row.seconds(0),
                    bucket: try row.bucket(at: 1)))
        }
        return BucketBatch(merging: minutes)
    }

    var count: Int {
        get throws {
            let row = try Row.fetchOne(db.cachedStatement(sql: RecentStatements.count))
            return Int(try row?.integer(0) ?? 0)
        }
    }

    func removeAll() throws {
        try db.cachedStatement(sql: RecentStatements.removeAll).execute()
    }
}

extension Bucket {
    /// `count` to `sketch`.
    fileprivate var columns: [(any DatabaseValueConvertible)?] {
        [
            count, sum.stored, min.stored, max.stored, last.stored, lastTime.milliseconds,
            sketch.map { Data($0.blob) },
        ]
    }
}

extension Row {
    fileprivate func bucket(at place: Int) throws -> Bucket {
        let bucket = Bucket(
            count: try integer(place), sum: try sum(place + 1), min: try quantity(place + 2),
            max: try quantity(place + 3), last: try quantity(place + 4),
            lastTime: try milliseconds(place + 5), sketch: try sketch(place + 6))
        guard bucket.count > 0, bucket.min <= bucket.last, bucket.last <= bucket.max else {
            throw StorageFault.column
        }
        return bucket
    }

    private func sketch(_ place: Int) throws -> Sketch? {
        try withUnsafeData(atIndex: place) { data in
            guard let data else { return nil }
            return try Sketch(stored: data.span)
        }
    }
}
