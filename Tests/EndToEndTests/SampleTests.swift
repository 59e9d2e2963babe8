import Foundation
import ServerSupport
import Testing

@Suite(.server("--set", "live_series_max=50")) struct `A sample` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private func buckets(_ metric: String, _ more: String = "") throws -> [MetricAnswer.Bucket] {
        try server.metrics("interval=1h&from=2025-01-01T00:00:00Z&metric=\(metric)\(more)").buckets
    }

    @Test func `is stored with its tags and can be read at once`() throws {
        let metric = newMetric()
        let answer = try server.postSample(
            #"{"metric":"\#(metric)","value":3.25,"kind":"gauge","unit":"By","tags":{"host":"a b"}}"#
        )
        #expect(answer.status == 200)
        #expect(answer.text == #"{"accepted":1,"rejected_count":0,"rejected":[]}"#)
        let series = try server.metrics("interval=1m&metric=\(metric)").series
        #expect(series.map(\.kind) == ["gauge"] && series.map(\.unit) == ["By"])
        #expect(series.first?.tags == ["host": "a b"])
        #expect(series.first?.buckets.map(\.last) == [3.25])
        #expect(series.first?.buckets.last?.open == true)
    }

    @Test func `may come with many others, of which the good ones are stored`() throws {
        let metric = newMetric()
        let one = #"{"metric":"\#(metric)","kind":"counter","value":"#
        let answer = try server.postSample("[\(one)1},\(one)-1},\(one)2},{}]")
        #expect(answer.status == 200)
        let object = try answer.object()
        #expect(object["accepted"] as? Int == 2 && object["rejected_count"] as? Int == 2)
        #expect(try buckets(metric).map(\.sum) == [3])
        let lines = try server.request(
            "POST", "/metrics", headers: ["Content-Type": "application/x-ndjson"],
            body: Array("\(one)5}\n\n\(one)x}\n\(one)7}".utf8))
        #expect(try lines.object()["accepted"] as? Int == 2)
        #expect(try buckets(metric).map(\.sum) == [15])
    }

    @Test func `of a cumulative counter is the increase, also over a restart of its sender`() throws
    {
        let metric = newMetric()
        for (second, value) in [(0, 100), (10, 130), (20, 5), (30, 25)] {
            let answer = try server.postSample(
                #"{"metric":"\#(metric)","kind":"counter","temporality":"cumulative","value":\#(value),"#
                    + #""timestamp":"2026-01-01T10:00:\#(second == 0 ? "00" : "\(second)")Z"}"#)
            #expect(answer.status == 200)
        }
        #expect(try buckets(metric).map(\.sum) == [55])
    }

    @Test(
        arguments: [
            (#"{"kind":"gauge","value":1}"#, 400, "missing_field"),
            (#"{"metric":"M","value":1}"#, 400, "missing_field"),
            (#"{"metric":"M","kind":"gauge","value":1e21}"#, 400, "value_out_of_range"),
            (#"{"metric":"M","kind":"gauge","value":1e400}"#, 400, "value_out_of_range"),
            (#"{"metric":"M","kind":"gauge","value":NaN}"#, 400, "invalid_json"),
            (#"{"metric":"M","kind":"gauge","value":"1"}"#, 400, "invalid_field"),
            (#"{"metric":"M","kind":"sum","value":1}"#, 400, "invalid_field"),
            (#"{"metric":"a b","kind":"gauge","value":1}"#, 400, "invalid_field"),
            (#"{"metric":"M","kind":"gauge","value":1,"vlaue":2}"#, 400, "unknown_field"),
            (
                #"{"metric":"M","kind":"gauge","value":1,"timestamp":"9999-01-01T00:00:00Z"}"#, 400,
                "timestamp_in_future"
            ),
            (#"{"metric":"tool.duration","kind":"gauge","value":1}"#, 409, "kind_conflict"),
            ("", 400, "invalid_json"), ("[", 400, "invalid_json"),
        ])
    func `that cannot be taken is refused with its fault`(
        body: String, status: Int, code: String
    ) throws {
        try server.postSample(body).expectError(status, code)
    }

    @Test func `of a second kind is refused`() throws {
        let metric = newMetric()
        let gauge = #"{"metric":"\#(metric)","value":1,"kind":"gauge"}"#
        #expect(try server.postSample(gauge).status == 200)
        _ = try buckets(metric)
        try server.postSample(gauge.replacing("gauge", with: "counter"))
            .expectError(409, "kind_conflict")
        #expect(try server.postSample(#"{"metric":"\#(metric)","value":2}"#).status == 200)
        #expect(try buckets(metric).map(\.count) == [2])
    }

    @Test func `of too many series counts in the metric's overflow, so that totals stay exact`()
        throws
    {
        let metric = newMetric()
        let samples = (0..<200).map {
            #"{"metric":"\#(metric)","value":1,"kind":"counter","tags":{"n":"\#($0)"}}"#
        }
        #expect(
            try server.postSample("[\(samples.joined(separator: ","))]").status == 200)
        let answer = try server.metrics("interval=1h&metric=\(metric)")
        #expect(answer.series.count == 51)
        let overflow = answer.series.first { $0.tags == ["overflow": "true"] }
        #expect(overflow?.buckets.map(\.sum) == [150])
        #expect(answer.buckets.compactMap(\.sum).reduce(0, +) == 200)
    }
}

@Suite(.server()) struct `Line protocol` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    @Test func `gives a gauge for each field`() throws {
        let name = newMetric()
        let answer = try server.write(
            """
            # a comment
            \(name),host=a\\ b,zone=x usage=12.5,up=true,count=7i,text="no" 1767261600000000000
            \(name),host=c usage=1 1767261601000000000
            """)
        #expect(answer.status == 204 && answer.body.isEmpty)
        let from = "interval=1m&from=2026-01-01T10:00:00Z&to=2026-01-01T10:05:00Z"
        let usage = try server.metrics("\(from)&metric=\(name).usage")
        #expect(usage.series.map(\.tags) == [["host": "a b", "zone": "x"], ["host": "c"]])
        #expect(usage.buckets.map(\.last) == [12.5, 1])
        #expect(try server.metrics("\(from)&metric=\(name).up").buckets.map(\.last) == [1])
        #expect(try server.metrics("\(from)&metric=\(name).count").buckets.map(\.last) == [7])
        #expect(try server.metrics("\(from)&metric=\(name).text").series.isEmpty)
    }

    @Test(arguments: [("s", "1767261600"), ("ms", "1767261600000"), ("us", "1767261600000000")])
    func `has times of several precisions`(precision: String, time: String) throws {
        let name = newMetric()
        let answer = try server.write("\(name) v=1 \(time)", "?precision=\(precision)")
        #expect(answer.status == 204)
        let found = try server.metrics(
            "interval=1m&from=2026-01-01T10:00:00Z&to=2026-01-01T10:01:00Z&metric=\(name).v")
        #expect(found.buckets.map(\.start) == ["2026-01-01T10:00:00.000Z"])
    }

    @Test func `names the lines that are refused, and stores the others`() throws {
        let name = newMetric()
        let answer = try server.write("\(name) v=1\n\(name) v=\n\(name) v=NaN\n\(name) v=2\n")
        #expect(answer.status == 400 && answer.text.contains(#""code":"partial_write""#))
        #expect(answer.text.contains(#""line":2"#) && answer.text.contains(#""line":3"#))
        #expect(try server.metrics("interval=1h&metric=\(name).v").buckets.map(\.count) == [2])
    }

    @Test func `with an unknown precision is refused`() throws {
        try server.write("a v=1", "?precision=fortnight").expectError(400, "invalid_parameter")
    }

    @Test func `is streamed, however long it is`() throws {
        let name = newMetric()
        let lines = (0..<20_000).map { "\(name),n=\($0 % 10) v=\($0)" }.joined(separator: "\n")
        #expect(try server.write(lines).status == 204)
        let answer = try server.metrics("interval=1h&metric=\(name).v&group_by=&fields=count,sum")
        #expect(answer.buckets.compactMap(\.count).reduce(0, +) == 20_000)
        #expect(answer.buckets.compactMap(\.sum).reduce(0, +) == 199_990_000)
    }
}
