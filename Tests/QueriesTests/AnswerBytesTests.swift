import Queries
import TimeSeries
import Testing

@Suite struct `The bytes of an answer` {
    private static func durations() throws -> TestMetric {
        var metric = TestMetric()
        try metric.add(
            ["tool": "Bash"],
            samples: [(0, "12.5"), (1, "7"), (59, "1000.25"), (60, "3"), (185, "0.000001")])
        try metric.add(
            ["source_app": "web", "tool": "Read"], samples: [(119, "-4.5"), (119, "2")])
        return metric
    }

    @Test func `are these in JSON`() throws {
        let json = try Self.durations().json(TestMetric.query())
        #expect(
            json == """
                {"interval":"1m","from":"2026-01-31T23:58:00.000Z","to":"2026-02-01T00:03:00.000Z",\
                "series":[\
                {"metric":"tool.duration","kind":"distribution","unit":"ms",\
                "tags":{"source_app":"web","tool":"Read"},"buckets":[\
                {"start":"2026-01-31T23:59:00.000Z","count":2,"sum":-2.5,"avg":-1.25,"min":-4.5,\
                "max":2,"last":2,"p50":-4.481685,"p90":1.98917,"p95":1.98917,"p99":1.98917}]},\
                {"metric":"tool.duration","kind":"distribution","unit":"ms",\
                "tags":{"tool":"Bash"},"buckets":[\
                {"start":"2026-01-31T23:58:00.000Z","count":3,"sum":1019.75,"avg":339.916667,\
                "min":7,"max":1000.25,"last":1000.25,\
                "p50":12.539573,"p90":996.631489,"p95":996.631489,"p99":996.631489},\
                {"start":"2026-01-31T23:59:00.000Z","count":1,"sum":3,"avg":3,"min":3,"max":3,\
                "last":3,"p50":3,"p90":3,"p95":3,"p99":3},\
                {"start":"2026-02-01T00:01:00.000Z","count":1,"sum":0.000001,"avg":0.000001,\
                "min":0.000001,"max":0.000001,"last":0.000001,\
                "p50":0.000001,"p90":0.000001,"p95":0.000001,"p99":0.000001}]}]}
                """)
    }

    @Test func `are these in CSV`() throws {
        let csv = try Self.durations().csv(TestMetric.query())
        #expect(
            csv == """
                metric,source_app,tool,bucket_start,\
                count,sum,avg,min,max,last,p50,p90,p95,p99⏎
                tool.duration,web,Read,2026-01-31T23:59:00.000Z,\
                2,-2.5,-1.25,-4.5,2,2,-4.481685,1.98917,1.98917,1.98917⏎
                tool.duration,,Bash,2026-01-31T23:58:00.000Z,\
                3,1019.75,339.916667,7,1000.25,1000.25,12.539573,996.631489,996.631489,996.631489⏎
                tool.duration,,Bash,2026-01-31T23:59:00.000Z,\
                1,3,3,3,3,3,3,3,3,3⏎
                tool.duration,,Bash,2026-02-01T00:01:00.000Z,1,\
                0.000001,0.000001,0.000001,0.000001,0.000001,0.000001,0.000001,0.000001,0.000001⏎

                """)
    }

    @Test func `tell the fields that are asked for, in that order`() throws {
        let buckets = try Self.durations().buckets(
            TestMetric.query("p99.9,rate,last,count,p0,sum"))
        #expect(
            buckets == """
                [{"start":"2026-01-31T23:59:00.000Z",\
                "p99.9":1.98917,"rate":0.033333,"last":2,"count":2,"p0":-4.481685,"sum":-2.5}]}
                [{"start":"2026-01-31T23:58:00.000Z",\
                "p99.9":996.631489,"rate":0.05,"last":1000.25,"count":3,"p0":7,"sum":1019.75}
                {"start":"2026-01-31T23:59:00.000Z",\
                "p99.9":3,"rate":0.016667,"last":3,"count":1,"p0":3,"sum":3}
                {"start":"2026-02-01T00:01:00.000Z",\
                "p99.9":0.000001,"rate":0.016667,"last":0.000001,"count":1,"p0":0.000001,\
                "sum":0.000001}]}

                """)
    }

    @Test(arguments: [
        (Interval.oneMinute, "23:59", "23:58,23:59,00:01"), (.threeMinutes, "23:57", "23:57,00:00"),
        (.fiveMinutes, "23:55", "23:55,00:00"), (.fifteenMinutes, "23:45", "23:45,00:00"),
        (.oneHour, "23:00", "23:00,00:00"),
    ])
    func `have aligned starts`(interval: Interval, read: String, bash: String) throws {
        let csv = try Self.durations().csv(TestMetric.query("count", interval, minutes: 10))
        let lines = csv.split(separator: "\n").dropFirst()
        func starts(_ tool: String) -> String {
            lines.filter { $0.contains(tool) }.compactMap { line in
                line.firstRange(of: "T").map { line[$0.upperBound...].prefix(5) }
            }.joined(separator: ",")
        }
        #expect(starts(",Read,") == read)
        #expect(starts(",Bash,") == bash)
    }

    @Test func `of a counter have no quantiles`() throws {
        var metric = TestMetric(name: "tool.calls", kind: .counter, unit: "1")
        try metric.add(samples: [(0, "1"), (3, "2"), (61, "5")])
        let query = TestMetric.query("count,sum,p50,last,p99")
        #expect(
            metric.buckets(query) == """
                [{"start":"2026-01-31T23:58:00.000Z",\
                "count":2,"sum":3,"p50":null,"last":2,"p99":null}
                {"start":"2026-01-31T23:59:00.000Z",\
                "count":1,"sum":5,"p50":null,"last":5,"p99":null}]}

                """)
        #expect(
            metric.csv(query) == """
                metric,bucket_start,count,sum,p50,last,p99⏎
                tool.calls,2026-01-31T23:58:00.000Z,2,3,,2,⏎
                tool.calls,2026-01-31T23:59:00.000Z,1,5,,5,⏎

                """)
    }

    @Test(
        arguments: [(119_999, [false, true, true]), (120_000, [false, false, true])]
            as [(Int64, [Bool])])
    func `say which buckets are open`(milliseconds: Int64, areOpen: [Bool]) throws {
        var metric = TestMetric()
        try metric.add(samples: [(0, "1"), (60, "1"), (180, "1")])
        let buckets = metric.buckets(
            TestMetric.query("count"),
            now: TestMetric.start.advanced(byMilliseconds: milliseconds))
        let lines = buckets.split(separator: "\n")
        #expect(lines.map { $0.contains(#""count":1,"open":true}"#) } == areOpen)
        #expect(lines.map { $0.contains(#""count":1}"#) } == areOpen.map { !$0 })
    }

    @Test func `are head and tail where there is nothing`() {
        let metric = TestMetric()
        #expect(
            metric.json(TestMetric.query()) == """
                {"interval":"1m","from":"2026-01-31T23:58:00.000Z","to":"2026-02-01T00:03:00.000Z",\
                "series":[]}
                """)
        #expect(metric.csv(TestMetric.query("count")) == "metric,bucket_start,count⏎\n")
    }
}
