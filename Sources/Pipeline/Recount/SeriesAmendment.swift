internal import Rollup
internal import Storage
internal import TimeSeries

/// Gives series of another store a place in this one, and takes over what that one says of them.
struct SeriesAmendment {
    /// This store's numbers for the other's series.
    private(set) var numbers: [SeriesID: SeriesID] = [:]
    private let known: [[UInt8]: SeriesRecord]
    private var count: Int

    /// - Parameter records: all of this store.
    init(_ records: [SeriesRecord]) {
        count = records.count
        known = Dictionary(
            records.map { ($0.row.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func record(of key: [UInt8]) -> SeriesRecord? { known[key] }

    /// Notes under which number a series is known here, or will be.
    private mutating func number(_ other: SeriesRecord) -> SeriesID {
        let number = known[other.row.key]?.row.series ?? SeriesID(UInt32(count))
        if known[other.row.key] == nil { count += 1 }
        numbers[other.row.series] = number
        return number
    }

    /// - Parameters:
    ///   - other: a series of the other store.
    ///   - isNewer: whether what the other says of a series that both know goes before.
    mutating func take(_ other: SeriesRecord, isNewer: Bool, into flush: inout Flush) {
        let series = number(other)
        let totals = SeriesTotals(
            series: series, lastSampleAt: other.row.totals.lastSampleAt,
            count: other.row.totals.count, sum: other.row.totals.sum)
        guard let mine = known[other.row.key] else {
            add(other, series, totals, to: &flush)
            return
        }
        guard isNewer else { return }
        flush.series?.totals.append(totals)
        flush.series?.admissions += Self.admissions(other, replacing: mine, series)
        flush.put(life: other, series)
    }

    private func add(
        _ other: SeriesRecord, _ series: SeriesID, _ totals: SeriesTotals, to flush: inout Flush
    ) {
        let admissions = other.admissions.map { $0.moved(to: series) }
        flush.series?.added.append(
            SeriesRow(
                series: series, key: other.row.key, kind: other.row.kind, scale: other.row.scale,
                admission: other.row.admission.moved(to: series), totals: totals))
        flush.series?.admissions += admissions
        flush.put(life: other, series)
    }

    /// A store never forgets an admission: the newest one that is only this store's ends where the other's
    /// newest does, so that the same series are live.
    private static func admissions(
        _ other: SeriesRecord, replacing mine: SeriesRecord, _ series: SeriesID
    ) -> [Admission] {
        var admissions = other.admissions.map { $0.moved(to: series) }
        guard let newest = admissions.last, let last = mine.admissions.last,
            last.admittedAt > newest.admittedAt
        else { return admissions }
        let retiredAt = newest.retiredAt.map { max($0, last.admittedAt) }
        admissions.append(
            Admission(series: series, admittedAt: last.admittedAt, retiredAt: retiredAt))
        return admissions
    }
}

extension Admission {
    fileprivate func moved(to series: SeriesID) -> Admission {
        Admission(series: series, admittedAt: admittedAt, retiredAt: retiredAt)
    }
}

extension Flush {
    fileprivate mutating func put(life other: SeriesRecord, _ series: SeriesID) {
        guard let life = other.life else { return }
        put(StateRow(series, life))
    }
}
