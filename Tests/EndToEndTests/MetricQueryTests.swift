import Foundation
import ServerSupport
import Testing

@Suite(.server("--set", "query_buckets_max=100")) struct `A question for metrics` {
    let server: ServerProcess
    private static let day = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"

    init() throws {
        server = try .shared()
    }

    /// Two hosts with readings at 10:00 and 10:10.
    private func gauge() throws -> String {
        let metric = newMetric()
        for (host, minute, value) in [("a", "00", 1), ("b", "00", 3), ("a", "10", 5)] {
            let answer = try server.postSample(
                #"{"metric":"\#(metric)","kind":"gauge","value":\#(value),"tags":{"host":"\#(host)"},"#
                    + #""timestamp":"2026-01-01T10:\#(minute):00Z"}"#)
            try #require(answer.status == 200)
        }
        return metric
    }

    @Test func `groups series by tags, or makes one of all`() throws {
        let metric = try gauge()
        let query = "interval=5m&metric=\(metric)&\(Self.day)"
        #expect(try server.metrics(query).series.map(\.tags) == [["host": "a"], ["host": "b"]])
        #expect(
            try server.metrics(query + "&group_by=host").series.map(\.tags)
                == [["host": "a"], ["host": "b"]])
        let all = try server.metrics(query + "&group_by=")
        #expect(all.series.map(\.tags) == [[:]])
        // Of gauges, the sum of each one's last.
        #expect(all.buckets.map(\.last) == [4, 5])
        for (across, lasts) in [
            ("max", [3, 5]), ("min", [1, 5]), ("avg", [2, 5]), ("merge", [3, 5]),
        ] {
            let answer = try server.metrics(query + "&group_by=&across=\(across)")
            #expect(answer.buckets.map(\.last) == lasts.map { Decimal($0) }, "\(across)")
        }
    }

    @Test func `fills what is missing as it is told`() throws {
        let metric = try gauge()
        let query =
            "interval=5m&metric=\(metric)&tag.host=a&from=2026-01-01T09:55:00Z"
            + "&to=2026-01-01T10:20:00Z&fields=last"
        let lasts = { (fill: String) in
            try server.metrics(query + "&fill=" + fill).buckets.map(\.last)
        }
        #expect(try lasts("none") == [1, 5])
        #expect(try lasts("null") == [nil, 1, nil, 5, nil])
        #expect(try lasts("zero") == [0, 1, 0, 5, 0])
        #expect(try lasts("previous") == [nil, 1, 1, 5, 5])
    }

    @Test func `finds metrics by wildcards and tags by any of their values`() throws {
        let metric = try gauge()
        let query = "interval=1h&\(Self.day)"
        #expect(try server.metrics(query + "&metric=\(metric.dropLast(3))*").series.count == 2)
        #expect(
            try server.metrics(query + "&metric=\(metric)&tag.host=a&tag.host=b").series.count == 2)
        #expect(try server.metrics(query + "&metric=\(metric)&tag.host=c").series.isEmpty)
        #expect(try server.metrics(query + "&metric=\(metric)&limit=1").series.count == 1)
        #expect(try server.metrics(query + "&metric=no.such.metric").series.isEmpty)
    }

    @Test func `is answered with the fields that it names, exactly`() throws {
        let metric = newMetric()
        let values = ["0.1", "0.2", "-0.3", "100000000000000000000", "1e-7"]
        let samples = values.map {
            #"{"metric":"\#(metric)","kind":"distribution","value":\#($0),"timestamp":1767261600000}"#
        }
        #expect(try server.postSample("[\(samples.joined(separator: ","))]").status == 200)
        let answer = try server.get(
            "/metrics?interval=1m&metric=\(metric)&\(Self.day)&fields=count,sum,min,max")
        #expect(
            answer.text.contains(
                #""count":5,"sum":100000000000000000000,"min":-0.3,"max":100000000000000000000}"#))
        let counter = newMetric()
        _ = try server.postSample(
            #"{"metric":"\#(counter)","kind":"counter","value":90,"timestamp":1767261600000}"#)
        let rate = try server.metrics(
            "interval=1m&metric=\(counter)&\(Self.day)&fields=rate,p99")
        #expect(rate.buckets.map(\.rate) == [1.5])
        #expect(rate.buckets.map(\.p99) == [nil])
    }

    @Test func `may be answered as CSV and as lines, with the same numbers`() throws {
        let metric = try gauge()
        let path = "/metrics?interval=5m&metric=\(metric)&\(Self.day)&fields=count,sum"
        let csv = try server.get(path, accept: "text/csv")
        #expect(csv.headers["content-type"] == "text/csv; charset=utf-8")
        #expect(
            csv.text == """
                metric,host,bucket_start,count,sum\r
                \(metric),a,2026-01-01T10:00:00.000Z,1,1\r
                \(metric),a,2026-01-01T10:10:00.000Z,1,5\r
                \(metric),b,2026-01-01T10:00:00.000Z,1,3\r

                """)
        #expect(try server.get(path + "&format=csv").text == csv.text)
        let lines = try server.get(path + "&format=ndjson")
        #expect(lines.headers["content-type"] == "application/x-ndjson")
        #expect(lines.lines.count == 2)
    }

    @Test(
        arguments: [
            ("interval=2m", "interval"), ("interval=", "interval"), ("interval=1m&from=x", "from"),
            ("interval=1m&from=now&to=-1h", "from"), ("interval=1m&fields=p101", "fields"),
            ("interval=1m&fields=", "fields"), ("interval=1m&across=mean", "across"),
            ("interval=1m&fill=linear", "fill"), ("interval=1m&limit=0", "limit"),
            ("interval=1m&format=xml", "format"), ("interval=1m&interval=5m", "interval"),
        ])
    func `with an impossible parameter is refused by its name`(query: String, field: String) throws
    {
        let answer = try server.get("/metrics?" + query)
        answer.expectError(400, "invalid_parameter")
        #expect(try answer.decoded(as: ErrorAnswer.self).error.details?.field == field)
    }

    @Test func `for more buckets than an answer may have is refused`() throws {
        let metric = try gauge()
        try server.get("/metrics?interval=1m&metric=\(metric)&from=2000-01-01T00:00:00Z&fill=zero")
            .expectError(422, "too_many_buckets")
        try server.get(
            "/metrics?interval=1m&metric=\(metric)&from=2000-01-01T00:00:00Z&fill=zero&format=csv"
        ).expectError(422, "too_many_buckets")
        try server.get("/metrics?interval=1m&x=1").expectError(400, "unknown_parameter")
    }

    /// A large answer is made in halves, each of which has fewer than are allowed.
    @Test func `for more buckets of all series together than an answer may have is refused`()
        throws
    {
        let metric = newMetric()
        let samples = ["a", "b", "c"].flatMap { host in
            (0..<40).map {
                #"{"metric":"\#(metric)","kind":"gauge","value":1,"tags":{"host":"\#(host)"},"#
                    + #""timestamp":\#(1_767_261_600_000 + $0 * 60_000)}"#
            }
        }
        #expect(try server.postSample("[\(samples.joined(separator: ","))]").status == 200)
        let query = "interval=1m&metric=\(metric)&from=2025-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"
        try server.get("/metrics?\(query)").expectError(422, "too_many_buckets")
        let two = try server.metrics(query + "&limit=2")
        #expect(two.series.map(\.tags) == [["host": "a"], ["host": "b"]])
        #expect(two.series.map(\.buckets.count) == [40, 40])
        let one = try server.metrics(query + "&limit=1")
        #expect(one.series.map(\.buckets.count) == [40])
        #expect(try server.metrics(query + "&limit=2&group_by=host").series.count == 2)
    }

    @Test func `without an interval wants text, and says so to who wants JSON`() throws {
        _ = try gauge()
        let text = try server.get("/metrics")
        #expect(text.status == 200)
        #expect(text.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(
            text.text.contains("# TYPE process_memory_bytes gauge") || text.text.contains("test_m"))
        let json = try server.get("/metrics", accept: "application/json")
        json.expectError(400, "invalid_parameter")
        #expect(json.text.contains("1m, 3m, 5m, 15m, 1h"))
    }

    @Test func `for the names lists what there is`() throws {
        let metric = try gauge()
        let names = try server.get("/metrics/names")
        #expect(names.text.contains(#""name":"\#(metric)","kind":"gauge""#))
        #expect(names.text.contains(#""series":2,"tags":{"host":2}}"#))
    }
}
