internal import Rollup
internal import Storage
internal import TimeSeries

/// All that is stored of a series beside its buckets.
struct SeriesRecord: Equatable, Sendable {
    let row: SeriesRow
    /// In their order.
    let admissions: [Admission]
    let life: Bucket?

    var metric: String {
        String(decoding: row.key.prefix { $0 != UInt8(ascii: "{") }, as: UTF8.self)
    }

    /// The records of a store, in the order of their numbers.
    static func all(_ folds: StoredFolds, _ admissions: [Admission]) throws -> [SeriesRecord] {
        let lives = try Lifetimes(folds.state)
        let places = Dictionary(grouping: admissions) { $0.series }
        return folds.series.map { row in
            SeriesRecord(
                row: row, admissions: places[row.series] ?? [], life: lives[row.series])
        }
    }

    /// Whether another store has the same. Numbers are given in the order in which series come; where a
    /// metric was filled in later, they come in another order.
    func isSame(as other: SeriesRecord, how: Comparison) -> Bool {
        let places = admissions.map(Place.init) == other.admissions.map(Place.init)
        return row.key == other.row.key && row.kind == other.row.kind
            && row.scale == other.row.scale && life == other.life
            && row.totals.count == other.row.totals.count
            && row.totals.sum == other.row.totals.sum
            && row.totals.lastSampleAt == other.row.totals.lastSampleAt
            && (places || how == .ofFilledIn)
            && (row.series == other.row.series || how != .whole)
    }

    enum Comparison {
        case whole
        case withoutNumbers
        /// Of a metric that was filled in: admissions that it had before are still stored.
        case ofFilledIn
    }

    /// An admission of whatever number.
    private struct Place: Equatable {
        let admittedAt: EventID
        let retiredAt: EventID?

        init(_ admission: Admission) {
            admittedAt = admission.admittedAt
            retiredAt = admission.retiredAt
        }
    }
}

/// A series as a store has it, and as a recount has it.
struct SeriesMatch: Sendable {
    let key: [UInt8]
    let stored: SeriesRecord?
    let recounted: SeriesRecord?
    /// Where the recount's buckets are.
    let source: DerivedReader?

    var name: String { String(decoding: key, as: UTF8.self) }
    var scale: QuantityScale { stored?.row.scale ?? recounted?.row.scale ?? .millionths }
}
