import Queries
import Rollup
import TimeSeries
import Testing

@Suite struct `The series of a group` {
    private static func metric(_ kind: MetricKind) throws -> TestMetric {
        var metric = TestMetric(kind: kind)
        try metric.add(
            ["app": "web", "host": "a"],
            samples: [(0, "1"), (1, "9.5"), (2, "4"), (61, "-100")])
        try metric.add(["app": "web", "host": "b"], samples: [(3, "20")])
        try metric.add(
            ["app": "web", "host": "c"],
            samples: [(0, "7"), (4, "8"), (5, "6"), (182, "0")])
        try metric.add(["app": "api", "host": "a"], samples: [(0, "1000")])
        try metric.add(["host": "a"], samples: [(0, "3")])
        return metric
    }

    private static let fields = "count,sum,avg,min,max,last,rate,p50,p90,p0,p100"

    @Test(
        arguments: [
            (nil, "30"), (.sum, "30"), (.max, "20"), (.min, "4"), (.avg, "10"), (.merge, "6"),
        ] as [(Across?, String)])
    func `become one`(across: Across?, last: String) throws {
        var query = TestMetric.query(Self.fields)
        (query.groupBy, query.across) = (["app"], across)
        let csv = try Self.metric(.gauge).csv(query)
        #expect(
            csv == """
                metric,app,bucket_start,\(Self.fields)⏎
                tool.duration,api,2026-01-31T23:58:00.000Z,\
                1,1000,1000,1000,1000,1000,0.016667,1000,1000,1000,1000⏎
                tool.duration,web,2026-01-31T23:58:00.000Z,\
                7,55.5,7.928571,1,20,\(last),0.116667,6.986967,19.977323,1,19.977323⏎
                tool.duration,web,2026-01-31T23:59:00.000Z,\
                1,-100,-100,-100,-100,-100,0.016667,-100,-100,-100,-100⏎
                tool.duration,web,2026-02-01T00:01:00.000Z,\
                1,0,0,0,0,0,0.016667,0,0,0,0⏎
                tool.duration,,2026-01-31T23:58:00.000Z,\
                1,3,3,3,3,3,0.016667,3,3,3,3⏎

                """)
    }

    @Test func `of distributions tell their latest value`() throws {
        var query = TestMetric.query(Self.fields)
        query.groupBy = []
        let json = try Self.metric(.distribution).json(query)
        #expect(
            json == """
                {"interval":"1m","from":"2026-01-31T23:58:00.000Z","to":"2026-02-01T00:03:00.000Z",\
                "series":[{"metric":"tool.duration","kind":"distribution","unit":"ms",\
                "tags":{},"buckets":[\
                {"start":"2026-01-31T23:58:00.000Z","count":9,"sum":1058.5,"avg":117.611111,\
                "min":1,"max":1000,"last":6,"rate":0.15,\
                "p50":6.986967,"p90":996.631489,"p0":1,"p100":996.631489},\
                {"start":"2026-01-31T23:59:00.000Z","count":1,"sum":-100,"avg":-100,\
                "min":-100,"max":-100,"last":-100,"rate":0.016667,\
                "p50":-100,"p90":-100,"p0":-100,"p100":-100},\
                {"start":"2026-02-01T00:01:00.000Z","count":1,"sum":0,"avg":0,\
                "min":0,"max":0,"last":0,"rate":0.016667,"p50":0,"p90":0,"p0":0,"p100":0}]}]}
                """)
    }

    @Test func `of counters have no quantiles`() throws {
        var query = TestMetric.query("count,sum,p99", .fiveMinutes)
        query.groupBy = ["host"]
        let csv = try Self.metric(.counter).csv(query)
        #expect(
            csv == """
                metric,host,bucket_start,count,sum,p99⏎
                tool.duration,a,2026-01-31T23:55:00.000Z,6,917.5,⏎
                tool.duration,b,2026-01-31T23:55:00.000Z,1,20,⏎
                tool.duration,c,2026-01-31T23:55:00.000Z,3,21,⏎
                tool.duration,c,2026-02-01T00:00:00.000Z,1,0,⏎

                """)
    }

    @Test func `are in the order of their tags`() throws {
        var query = TestMetric.query("count")
        let groups = query.groups(of: try Self.metric(.gauge).known.reversed())
        let values = groups.map { $0.tags.map(\.value) }
        #expect(values == [["api", "a"], ["web", "a"], ["web", "b"], ["web", "c"], ["a"]])
        query.seriesMax = 2
        #expect(query.groups(of: try Self.metric(.gauge).known).count == 2)
        query.tags = ["host": ["b", "c"], "app": ["web"]]
        let series = query.groups(of: try Self.metric(.gauge).known).map(\.series)
        #expect(series == [[SeriesID(1)], [SeriesID(2)]])
    }
}
