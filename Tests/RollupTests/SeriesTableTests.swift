import Rollup
import TimeSeries
import Testing

extension SeriesTable {
    mutating func observe(
        _ text: String, kind: MetricKind = .counter, sum: Int128 = 1, at id: UInt64 = 1,
        now: Int64 = 0
    ) throws -> UInt32 {
        let key = Array(text.utf8)
        return try observe(
            key.span, kind: kind, sum: sum, at: EventID(id), now: Timestamp(milliseconds: now)
        ).value
    }

    mutating func sweep(now: Int64, at id: UInt64) {
        sweep(now: Timestamp(milliseconds: now), at: EventID(id))
    }

    func row(_ series: UInt32) -> SeriesRow { self[SeriesID(series)] }

    static func limited(
        live: Int = 2, series: Int = 100, metrics: Int = 10, idle: Int64 = 1_000
    ) -> SeriesTable {
        var limits = Limits()
        limits.liveSeriesPerMetricMax = live
        limits.seriesMax = series
        limits.metricsMax = metrics
        limits.idleMillisecondsMax = idle
        return SeriesTable(limits: limits)
    }
}

@Suite struct `A table of series` {
    @Test func `numbers series in the order in which they come`() throws {
        var table = SeriesTable()
        #expect(try table.observe("a{}") == 0)
        #expect(try table.observe(#"a{"k":"1"}"#) == 1)
        #expect(try table.observe("b{}") == 2)
        #expect(try table.observe("a{}") == 0)
        #expect(table.count == 3)
        #expect(table.metrics.map(\.name) == ["a", "b"])
        #expect(table.metrics.map(\.series) == [[SeriesID(0), SeriesID(1)], [SeriesID(2)]])
        let key = Array("b{}".utf8)
        #expect(table.series(of: key.span) == SeriesID(2))
        #expect(table.series(of: key.span.extracting(0..<2)) == nil)
        #expect(table.metric(named: key.span.extracting(0..<1))?.series == [SeriesID(2)])
        #expect(table.metric(named: key.span) == nil)
    }

    @Test func `counts all that a series ever had`() throws {
        var table = SeriesTable()
        let key = Array("a{}".utf8)
        for number in 1...5 {
            let moment = Timestamp(milliseconds: Int64(10 - number))
            _ = try table.observe(
                key.span, kind: .gauge, count: 2, sum: -Quantity.magnitudeMax,
                at: EventID(UInt64(number)), now: moment)
        }
        let totals = table.row(0).totals
        #expect(totals.count == 10)
        #expect(totals.sum == -5 * Quantity.magnitudeMax)
        // A clock that goes back does not make a series older.
        #expect(totals.lastSampleAt == Timestamp(milliseconds: 9))
        #expect(table.row(0).admission == Admission(series: SeriesID(0), admittedAt: EventID(1)))
    }

    @Test func `puts what is too much into an overflow series`() throws {
        var table = SeriesTable.limited(live: 2)
        for (place, series) in [0, 1, 2, 2, 0, 2].enumerated() {
            let key = ["a{\"k\":\"1\"}", "a{\"k\":\"2\"}", "a{\"k\":\"3\"}", "a{\"k\":\"4\"}"]
            let number = [0, 1, 2, 3, 0, 2][place]
            #expect(try table.observe(key[number], sum: 10) == series)
        }
        #expect(table.row(2).key == Array(#"a{"overflow":"true"}"#.utf8))
        #expect(table.metrics[0].overflow == SeriesID(2))
        #expect(table.metrics[0].liveSeries == 2)
        // Totals stay exact.
        #expect(table.rows.reduce(0) { $0 + $1.totals.sum } == 60)
        #expect(table.row(2).totals.count == 3)
        // Another metric has room of its own.
        #expect(try table.observe("b{}") == 3)
        // The overflow series may be meant, too.
        #expect(try table.observe(#"a{"overflow":"true"}"#) == 2)
        #expect(try table.observe(#"b{"overflow":"true"}"#) == 4)
        #expect(table.metrics[1].liveSeries == 1 && table.metrics[1].overflow == SeriesID(4))
    }

    @Test func `retires what was idle, and admits it again under its number`() throws {
        var table = SeriesTable.limited(live: 1, idle: 1_000)
        #expect(try table.observe("a{}", at: 1, now: 0) == 0)
        #expect(try table.observe(#"a{"k":"2"}"#, at: 2, now: 10) == 1)
        table.sweep(now: 1_000, at: 3)
        #expect(table.row(0).admission.retiredAt == nil)
        table.sweep(now: 1_001, at: 4)
        #expect(table.row(0).admission.retiredAt == EventID(4))
        #expect(table.row(1).admission.retiredAt == nil)
        // Its place is free for another, and then it finds none.
        #expect(try table.observe(#"a{"k":"2"}"#, at: 5, now: 1_002) == 2)
        #expect(try table.observe("a{}", at: 6, now: 1_003) == 1)
        table.sweep(now: 9_000, at: 7)
        #expect(table.rows.map(\.admission.retiredAt) == [EventID(4), EventID(7), EventID(7)])
        #expect(try table.observe("a{}", at: 8, now: 9_001) == 0)
        #expect(table.row(0).admission == Admission(series: SeriesID(0), admittedAt: EventID(8)))
        #expect(table.row(0).totals.count == 2)
        // The overflow series comes back by itself.
        #expect(try table.observe(#"a{"k":"3"}"#, at: 9, now: 9_002) == 1)
        #expect(table.row(1).admission == Admission(series: SeriesID(1), admittedAt: EventID(9)))
        #expect(table.metrics[0].liveSeries == 1)
    }

    @Test func `has room for so many series and metrics`() throws {
        var table = SeriesTable.limited(live: 5, series: 3, metrics: 2)
        for number in 0..<3 { _ = try table.observe("a{\"k\":\"\(number)\"}") }
        #expect(try table.observe(#"a{"k":"9"}"#) == 3)
        #expect(try table.observe("b{}") == 4)
        #expect(table.row(4).key == Array(#"b{"overflow":"true"}"#.utf8))
        #expect(throws: SeriesRefusal.tooManyMetrics) { try table.observe("c{}") }
        #expect(try table.observe(#"b{"k":"1"}"#) == 4)
        #expect(table.count == 5)
    }

    @Test func `refuses a second kind or scale of a metric`() throws {
        var table = SeriesTable()
        _ = try table.observe("a{}", kind: .gauge)
        let before = table.rows
        for text in ["a{}", #"a{"k":"1"}"#] {
            #expect(throws: SeriesRefusal.otherKind(.gauge)) { try table.observe(text) }
            let key = Array(text.utf8)
            #expect(throws: SeriesRefusal.otherScale(.millionths)) {
                try table.observe(
                    key.span, kind: .gauge, scale: .billionths, sum: 1, at: .first,
                    now: Timestamp(milliseconds: 0))
            }
        }
        #expect(table.rows == before)
    }

    @Test func `tells what changed since the last time`() throws {
        var table = SeriesTable.limited(live: 2, idle: 1_000)
        #expect(!table.hasChanges && table.takeChanges().isEmpty)
        _ = try table.observe("a{}", at: 1)
        _ = try table.observe("b{}", at: 2)
        var changes = table.takeChanges()
        #expect(changes.added == table.rows && changes.totals.isEmpty)
        #expect(changes.admissions == table.rows.map(\.admission))
        #expect(!table.hasChanges && table.takeChanges().isEmpty)
        _ = try table.observe("b{}", at: 3, now: 5)
        _ = try table.observe("c{}", at: 4, now: 5)
        _ = try table.observe("a{}", at: 5, now: 5)
        changes = table.takeChanges()
        #expect(changes.added.map(\.series) == [SeriesID(2)])
        #expect(changes.totals == [table.row(0).totals, table.row(1).totals])
        #expect(changes.admissions == [table.row(2).admission])
        table.sweep(now: 2_000, at: 6)
        #expect(table.hasChanges)
        _ = try table.observe("c{}", at: 7, now: 2_000)
        changes = table.takeChanges()
        #expect(changes.added.isEmpty && changes.totals == [table.row(2).totals])
        let retired = (0...2).map { number in
            let row = table.row(UInt32(number))
            let admittedAt = EventID([1, 2, 4][number])
            return Admission(series: row.series, admittedAt: admittedAt, retiredAt: EventID(6))
        }
        #expect(changes.admissions == retired + [table.row(2).admission])
    }
}

@Suite struct `Rows of a table of series` {
    private static func rows() throws -> [SeriesRow] {
        var table = SeriesTable()
        _ = try table.observe("a{}")
        _ = try table.observe(#"a{"k":"1"}"#)
        return table.rows
    }

    private static func row(
        _ row: SeriesRow, series: UInt32? = nil, key: String? = nil, kind: MetricKind? = nil
    ) -> SeriesRow {
        let number = series.map(SeriesID.init) ?? row.series
        return SeriesRow(
            series: number, key: key.map { Array($0.utf8) } ?? row.key, kind: kind ?? row.kind,
            scale: row.scale, admission: Admission(series: number, admittedAt: .first),
            totals: SeriesTotals(series: number, lastSampleAt: Timestamp(milliseconds: 0)))
    }

    @Test func `make a table only where they can be one's`() throws {
        let rows = try Self.rows()
        #expect(try SeriesTable(restoring: rows).rows == rows)
        let one = SeriesID(1)
        #expect(throws: SeriesTableFault.wrongNumber(one)) {
            try SeriesTable(restoring: Array(rows.reversed()))
        }
        #expect(throws: SeriesTableFault.wrongNumber(SeriesID(2))) {
            try SeriesTable(restoring: [rows[0], Self.row(rows[1], series: 2)])
        }
        for key in ["a", "{}", "a{} ", #"a{"b":1}"#, ""] {
            #expect(throws: SeriesTableFault.wrongKey(one)) {
                try SeriesTable(restoring: [rows[0], Self.row(rows[1], key: key)])
            }
        }
        #expect(throws: SeriesTableFault.sameKey(one)) {
            try SeriesTable(restoring: [rows[0], Self.row(rows[1], key: "a{}")])
        }
        #expect(throws: SeriesTableFault.otherForm(one)) {
            try SeriesTable(restoring: [rows[0], Self.row(rows[1], kind: .gauge)])
        }
    }
}
