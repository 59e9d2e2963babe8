import Queries
import TimeSeries
import Testing

@Suite struct `Where a series has no bucket` {
    private static func metric(_ kind: MetricKind) throws -> TestMetric {
        var metric = TestMetric(kind: kind)
        try metric.add(samples: [(61, "2"), (181, "4"), (182, "6")])
        return metric
    }

    private static func query(_ fill: Fill) -> MetricQuery {
        var query = TestMetric.query("count,avg,last,rate,p50")
        query.fill = fill
        return query
    }

    /// What stands behind `bucket_start`.
    private static func rows(_ csv: String) -> [String] {
        csv.split(separator: "⏎\n").dropFirst().map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).dropFirst(2)
                .joined(separator: ",")
        }
    }

    private static let first = "1,2,2,0.016667,2"
    private static let second = "2,5,6,0.033333,4"

    @Test(
        arguments: [
            (.none, [first, second]), (.null, [",,,,", first, ",,,,", second, ",,,,"]),
            (.zero, ["0,0,0,0,", first, "0,0,0,0,", second, "0,0,0,0,"]),
            (.previous, [",,,,", first, first, second, second]),
        ] as [(Fill, [String])])
    func `stands what is asked for`(fill: Fill, rows: [String]) throws {
        let csv = try Self.metric(.gauge).csv(Self.query(fill))
        #expect(Self.rows(csv) == rows)
    }

    @Test func `stand nulls in JSON`() throws {
        let buckets = try Self.metric(.gauge).buckets(Self.query(.null))
        #expect(
            buckets == """
                [{"start":"2026-01-31T23:58:00.000Z",\
                "count":null,"avg":null,"last":null,"rate":null,"p50":null}
                {"start":"2026-01-31T23:59:00.000Z",\
                "count":1,"avg":2,"last":2,"rate":0.016667,"p50":2}
                {"start":"2026-02-01T00:00:00.000Z",\
                "count":null,"avg":null,"last":null,"rate":null,"p50":null}
                {"start":"2026-02-01T00:01:00.000Z",\
                "count":2,"avg":5,"last":6,"rate":0.033333,"p50":4}
                {"start":"2026-02-01T00:02:00.000Z",\
                "count":null,"avg":null,"last":null,"rate":null,"p50":null}]}

                """)
    }

    @Test func `stand zeros without quantiles in JSON`() throws {
        let buckets = try Self.metric(.counter).buckets(Self.query(.zero))
        #expect(
            buckets == """
                [{"start":"2026-01-31T23:58:00.000Z",\
                "count":0,"avg":0,"last":0,"rate":0,"p50":null}
                {"start":"2026-01-31T23:59:00.000Z",\
                "count":1,"avg":2,"last":2,"rate":0.033333,"p50":null}
                {"start":"2026-02-01T00:00:00.000Z",\
                "count":0,"avg":0,"last":0,"rate":0,"p50":null}
                {"start":"2026-02-01T00:01:00.000Z",\
                "count":2,"avg":5,"last":6,"rate":0.166667,"p50":null}
                {"start":"2026-02-01T00:02:00.000Z",\
                "count":0,"avg":0,"last":0,"rate":0,"p50":null}]}

                """)
    }

    @Test func `stands what the whole group has before it`() throws {
        var metric = try Self.metric(.gauge)
        try metric.add(["a": "b"], samples: [(0, "1"), (62, "3")])
        var query = Self.query(.previous)
        query.groupBy = []
        let first = "2,2.5,5,0.033333,2"
        #expect(
            Self.rows(metric.csv(query)) == [
                "1,1,1,0.016667,1", first, first, Self.second, Self.second,
            ])
    }

    @Test(arguments: [(Fill.none, []), (.null, [",,,,"]), (.zero, ["0,0,0,0,"])])
    func `stands the same from end to end`(fill: Fill, row: [String]) {
        let metric = TestMetric(kind: .gauge, series: [([], [])])
        let rows = Self.rows(metric.csv(Self.query(fill)))
        #expect(rows == (0..<5).flatMap { _ in row })
    }
}
