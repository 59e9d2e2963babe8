import Queries
import Rollup
import TimeSeries
import Testing

@Suite struct `Numbers in an answer` {
    private static func csv(_ kind: MetricKind, digits: Int, _ fields: String, _ values: [[String]])
        throws -> String
    {
        var metric = TestMetric(kind: kind, scale: try #require(QuantityScale(digits: digits)))
        try metric.add(
            samples: values.enumerated().flatMap { minute, values in
                values.enumerated().map { (Int64(minute * 60 + $0), $1) }
            })
        let lines = metric.csv(TestMetric.query(fields)).split(separator: "⏎\n").dropFirst()
        return lines.map { $0.split(separator: ",").dropFirst(2).joined(separator: " ") }
            .joined(separator: "\n")
    }

    @Test func `are exact, however small or large`() throws {
        let csv = try Self.csv(
            .gauge, digits: 6, "sum,avg,min,max,last,p50,p99",
            [
                ["-0.000001"], ["100000000000000000000", "100000000000000000000"],
                ["-99999999999999999999.999999"], ["9223372036854.775807", "0.000001"],
                ["-9223372036854.775808", "-0.000001"],
            ])
        #expect(
            csv == """
                -0.000001 -0.000001 -0.000001 -0.000001 -0.000001 -0.000001 -0.000001
                200000000000000000000 100000000000000000000 100000000000000000000 \
                100000000000000000000 100000000000000000000 100000000000000000000 \
                100000000000000000000
                -99999999999999999999.999999 -99999999999999999999.999999 \
                -99999999999999999999.999999 -99999999999999999999.999999 \
                -99999999999999999999.999999 -99999999999999999999.999999 \
                -99999999999999999999.999999
                9223372036854.775808 4611686018427.387904 0.000001 9223372036854.775807 \
                0.000001 0.000001 9223372036854.775807
                -9223372036854.775809 -4611686018427.387904 -9223372036854.775808 -0.000001 \
                -0.000001 -9223372036854.775808 -0.000001
                """)
    }

    @Test func `have up to nine digits after the point`() throws {
        let csv = try Self.csv(
            .gauge, digits: 9, "sum,avg,min,max,last,p50",
            [
                ["0.000000001"], ["1.5", "2.123456789"], ["-18446744073.709551615"],
                ["18446744073.709551616"],
            ])
        #expect(
            csv == """
                0.000000001 0.000000001 0.000000001 0.000000001 0.000000001 0.000000001
                3.623456789 1.811728394 1.5 2.123456789 2.123456789 1.500992062
                -18446744073.709551615 -18446744073.709551615 -18446744073.709551615 \
                -18446744073.709551615 -18446744073.709551615 -18446744073.709551615
                18446744073.709551616 18446744073.709551616 18446744073.709551616 \
                18446744073.709551616 18446744073.709551616 18446744073.709551616
                """)
    }

    @Test func `of averages and rates are rounded half to even`() throws {
        let csv = try Self.csv(
            .counter, digits: 6, "avg,rate",
            [
                ["0.000001", "0.000002"], ["0.000002", "0.000003"], ["-0.000001", "-0.000002"],
                ["0.00009"], ["0.00003"],
            ])
        #expect(csv == "0.000002 0\n0.000002 0\n-0.000002 0\n0.00009 0.000002\n0.00003 0")
    }

    @Test(arguments: [
        (
            Int64.max, Int128.max,
            """
            9223372036854775807,170141183460469231731687303715884.105727,\
            18446744073709.551618,2835686391007820528861455061931.401762,
            """
        ),
        (
            1, .min,
            """
            1,-170141183460469231731687303715884.105728,\
            -170141183460469231731687303715884.105728,-2835686391007820528861455061931.401762,
            """
        ),
    ])
    func `of sums may have all 128 bits`(count: Int64, sum: Int128, row: String) {
        let bucket = Bucket(
            count: count, sum: sum, min: Quantity(parts: -1), max: Quantity(parts: 1),
            last: .zero, lastTime: TestMetric.start, sketch: nil)
        let metric = TestMetric(kind: .counter, series: [([], [])])
        let query = TestMetric.query("count,sum,avg,rate,p50")
        let series = AnsweredSeries(
            query.groups(of: metric.known)[0],
            [SeriesBucket(series: SeriesID(0), start: TestMetric.start, bucket: bucket)], query)
        var bytes: [UInt8] = []
        AnswerWriter(fields: query.fields, now: TestMetric.later).appendCSV(
            series, tagKeys: [], to: &bytes)
        let csv = String(decoding: bytes, as: UTF8.self)
        #expect(csv == "tool.duration,2026-01-31T23:58:00.000Z,\(row)\r\n")
    }
}
