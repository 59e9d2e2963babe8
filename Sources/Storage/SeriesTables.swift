internal import Foundation
internal import GRDB
internal import Rollup
internal import TimeSeries

/// Metrics, series and their admissions.
struct SeriesTables {
    let db: Database

    func apply(_ changes: SeriesChanges) throws {
        for row in changes.added { try insert(row) }
        let update = try db.cachedStatement(sql: SeriesStatements.updateTotals)
        for totals in changes.totals {
            try update.execute(arguments: [
                totals.count, totals.sum.stored, totals.lastSampleAt.milliseconds,
                totals.series.stored,
            ])
            guard db.changesCount == 1 else {
                throw StorageFault(.conflict, "totals of a series that is not stored")
            }
        }
        for admission in changes.admissions { try upsert(admission) }
    }

    private func upsert(_ admission: Admission) throws {
        try db.cachedStatement(sql: SeriesStatements.upsertAdmission).execute(arguments: [
            admission.series.stored, try admission.admittedAt.stored,
            try admission.retiredAt?.stored,
        ])
    }

    private func insert(_ row: SeriesRow) throws {
        let (name, tags) = try Self.split(row.key)
        let metric = MetricRow(
            name: name, kind: row.kind, scale: row.scale, firstSeenAt: row.admission.admittedAt)
        let metricID = try id(of: metric) ?? add(metric)
        try db.cachedStatement(sql: SeriesStatements.insert).execute(arguments: [
            row.series.stored, metricID, tags, row.totals.count, row.totals.sum.stored,
            row.totals.lastSampleAt.milliseconds,
        ])
        try upsert(row.admission)
    }

    /// The metric's name, and the tags as canonical JSON.
    private static func split(_ key: [UInt8]) throws -> (name: String, tags: String) {
        let length = SeriesKey.nameLength(key.span)
        let name = String(validating: key[..<length], as: UTF8.self)
        guard let name, let tags = String(validating: key[length...], as: UTF8.self) else {
            throw StorageFault(.conflict, "a key of a series that is not UTF-8")
        }
        return (name, tags)
    }
}

// MARK: Metrics

extension SeriesTables {
    func upsert(_ metric: MetricRow) throws {
        _ = try id(of: metric)
        _ = try add(metric)
    }

    /// - Returns: nil where the metric is not stored.
    /// - Throws: where it is, with another kind or scale.
    private func id(of metric: MetricRow) throws -> Int64? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: SeriesStatements.metric), arguments: [metric.name])
        guard let row else { return nil }
        guard try row.text(1) == metric.kind.rawValue,
            try row.integer(2) == Int64(metric.scale.digits)
        else { throw StorageFault(.conflict, "a metric of another kind or scale") }
        return try row.integer(0)
    }

    private func add(_ metric: MetricRow) throws -> Int64? {
        let tagKeys = String(decoding: try JSONEncoder().encode(metric.tagKeys), as: UTF8.self)
        try db.cachedStatement(sql: SeriesStatements.upsertMetric).execute(arguments: [
            metric.name, metric.kind.rawValue, metric.scale.digits, metric.unit, tagKeys,
            metric.help, try metric.firstSeenAt.stored,
        ])
        return try id(of: metric)
    }
}

// MARK: Reading

extension SeriesTables {
    func metrics() throws -> [MetricRow] {
        try Row.fetchAll(db.cachedStatement(sql: SeriesStatements.allMetrics)).map { row in
            let (kind, scale) = try row.form(1)
            let tagKeys = try? JSONDecoder().decode([String].self, from: Data(row.text(4).utf8))
            guard let tagKeys else { throw StorageFault.column }
            return MetricRow(
                name: try row.text(0), kind: kind, scale: scale, unit: try row.text(3),
                tagKeys: tagKeys, help: try row.text(5), firstSeenAt: try row.id(6))
        }
    }

    func series() throws -> [SeriesRow] {
        let cursor = try Row.fetchCursor(db.cachedStatement(sql: SeriesStatements.all))
        var rows: [SeriesRow] = []
        while let row = try cursor.next() { rows.append(try Self.series(row)) }
        guard try count(SeriesStatements.count) == rows.count else {
            throw StorageFault(.corrupt, "a series without its metric or its admission")
        }
        return rows
    }

    private static func series(_ row: Row) throws -> SeriesRow {
        let series = try row.series(0)
        let (kind, scale) = try row.form(3)
        return SeriesRow(
            series: series, key: Array(try row.text(1).utf8) + Array(try row.text(2).utf8),
            kind: kind, scale: scale,
            admission: Admission(
                series: series, admittedAt: try row.id(8),
                retiredAt: row.hasNull(atIndex: 9) ? nil : try row.id(9)),
            totals: SeriesTotals(
                series: series, lastSampleAt: try row.milliseconds(7), count: try row.integer(5),
                sum: try row.sum(6)))
    }

    func admissions() throws -> [Admission] {
        try Row.fetchAll(db.cachedStatement(sql: SeriesStatements.allAdmissions)).map { row in
            Admission(
                series: try row.series(0), admittedAt: try row.id(1),
                retiredAt: row.hasNull(atIndex: 2) ? nil : try row.id(2))
        }
    }

    func ids() throws -> [SeriesID] {
        try Row.fetchAll(db.cachedStatement(sql: SeriesStatements.allIDs)).map { try $0.series(0) }
    }

    private func count(_ sql: String) throws -> Int {
        Int(try Row.fetchOne(db.cachedStatement(sql: sql))?.integer(0) ?? 0)
    }
}

extension Row {
    fileprivate func form(_ place: Int) throws -> (MetricKind, QuantityScale) {
        guard let kind = MetricKind(rawValue: try text(place)),
            let digits = Int(exactly: try integer(place + 1)),
            let scale = QuantityScale(digits: digits)
        else { throw StorageFault.column }
        return (kind, scale)
    }
}
