import Rollup
import TestSupport
import TimeSeries
import Testing

/// The same rules with dictionaries and without shortcuts.
private struct NaiveSeries {
    struct Series {
        let key: String
        var admission: Admission
        var totals: SeriesTotals
    }

    let limits: SeriesTable.Limits
    var series: [Series] = []
    var admissions: [Admission] = []

    private func metric(_ key: String) -> Substring { key.prefix { $0 != "{" } }

    private func isOverflow(_ key: String) -> Bool { key.hasSuffix(#"{"overflow":"true"}"#) }

    private func hasRoom(_ key: String) -> Bool {
        let live = series.filter {
            $0.admission.retiredAt == nil && metric($0.key) == metric(key) && !isOverflow($0.key)
        }
        let isKnown = series.contains { $0.key == key }
        return live.count < limits.liveSeriesPerMetricMax
            && (isKnown || series.count < limits.seriesMax)
    }

    mutating func observe(_ key: String, _ sum: Int128, at id: EventID, now: Timestamp) -> SeriesID
    {
        let known = series.firstIndex { $0.key == key }
        let isLive = known.map { series[$0].admission.retiredAt == nil } ?? false
        guard isLive || isOverflow(key) || hasRoom(key) else {
            return observe(metric(key) + #"{"overflow":"true"}"#, sum, at: id, now: now)
        }
        let place = known ?? series.count
        let number = SeriesID(UInt32(place))
        if !isLive { admissions.append(Admission(series: number, admittedAt: id)) }
        if known == nil {
            let totals = SeriesTotals(series: number, lastSampleAt: now)
            let admission = Admission(series: number, admittedAt: id)
            series.append(Series(key: key, admission: admission, totals: totals))
        } else if !isLive {
            series[place].admission = Admission(series: number, admittedAt: id)
        }
        series[place].totals.count += 1
        series[place].totals.sum += sum
        series[place].totals.lastSampleAt = max(series[place].totals.lastSampleAt, now)
        return number
    }

    mutating func sweep(now: Timestamp, at id: EventID) {
        for place in series.indices where series[place].admission.retiredAt == nil {
            let last = series[place].totals.lastSampleAt
            guard now > last.advanced(byMilliseconds: limits.idleMillisecondsMax) else { continue }
            series[place].admission.retiredAt = id
            admissions.append(series[place].admission)
        }
    }
}

/// What storage would hold after each `SeriesChanges`.
private struct StoredSeries {
    var rows: [SeriesID: SeriesRow] = [:]
    var totals: [SeriesID: SeriesTotals] = [:]
    var admissions: [String: Admission] = [:]

    mutating func apply(_ changes: SeriesChanges) {
        for row in changes.added {
            rows[row.series] = row
            totals[row.series] = row.totals
        }
        for changed in changes.totals {
            #expect(rows[changed.series] != nil)
            totals[changed.series] = changed
        }
        for admission in changes.admissions {
            admissions["\(admission.series.value) \(admission.admittedAt)"] = admission
        }
    }

    /// Rows as they are read back on start.
    func restored() throws -> [SeriesRow] {
        try rows.values.sorted { $0.series < $1.series }.map { row in
            let newest = admissions.values.filter { $0.series == row.series }
                .max { $0.admittedAt < $1.admittedAt }
            return SeriesRow(
                series: row.series, key: row.key, kind: row.kind, scale: row.scale,
                admission: try #require(newest), totals: try #require(totals[row.series]))
        }
    }
}

@Suite struct `A table of series against a naive one` {
    private static func key(_ random: inout SplitMix64) -> String {
        let tags = random.isOnce(in: 20) ? #""overflow":"true""# : "\"k\":\"\(random.pick(0...9))\""
        return "\(random.pick(["a", "bb", "c.c"])){\(tags)}"
    }

    @Test(arguments: seeds(30, long: 2_000))
    func `says the same, also when it is stored and restored`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var limits = SeriesTable.Limits()
        limits.liveSeriesPerMetricMax = random.pick([0, 1, 3, 8])
        limits.seriesMax = random.pick([5, 12, 100])
        limits.idleMillisecondsMax = random.pick([0, 50, 400])
        var table = SeriesTable(limits: limits, hashSeed: seed)
        var naive = NaiveSeries(limits: limits)
        var stored = StoredSeries()
        var now: Int64 = 0
        for step in 1...500 {
            let id = EventID(UInt64(step))
            now += Int64(random.pick(-5...20))
            let moment = Timestamp(milliseconds: now)
            if random.isOnce(in: 10) {
                table.sweep(now: moment, at: id)
                naive.sweep(now: moment, at: id)
            }
            let (key, sum) = (Self.key(&random), Int128(random.pick(-9...9)))
            let bytes = Array(key.utf8)
            let series = try table.observe(
                bytes.span, kind: .counter, sum: sum, at: id, now: moment)
            #expect(series == naive.observe(key, sum, at: id, now: moment))
            guard random.isOnce(in: 40) else { continue }
            stored.apply(table.takeChanges())
            #expect(try stored.restored() == table.rows)
            guard random.isOnce(in: 3) else { continue }
            table = try SeriesTable(restoring: stored.restored(), limits: limits)
        }
        stored.apply(table.takeChanges())
        #expect(table.rows.map(\.admission) == naive.series.map(\.admission))
        #expect(table.rows.map(\.totals) == naive.series.map(\.totals))
        #expect(table.rows.map(\.key) == naive.series.map { Array($0.key.utf8) })
        let newest = naive.admissions.map { ("\($0.series.value) \($0.admittedAt)", $0) }
        #expect(stored.admissions == Dictionary(newest) { $1 })
    }
}
