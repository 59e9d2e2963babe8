import Queries
import TimeSeries
import Testing

@Suite struct `Texts in an answer` {
    private static let metric: TestMetric = {
        var metric = TestMetric(name: "a.b", unit: "\"q\"/\u{1}")
        let samples = [TestMetric.Sample(time: 0, value: Quantity(parts: 1_000_000))]
        metric.series.append(
            (
                [
                    SeriesKey.Tag("a", "one, \"two\"\r\nthree"),
                    SeriesKey.Tag("b", "=1+1\\\t\u{7F}é漢🙂/"),
                ], samples
            ))
        metric.series.append(([SeriesKey.Tag("c,d", "")], samples))
        return metric
    }()

    @Test func `are escaped in JSON`() {
        let json = Self.metric.json(TestMetric.query("count"))
        #expect(
            json == #"""
                {"interval":"1m","from":"2026-01-31T23:58:00.000Z","to":"2026-02-01T00:03:00.000Z",\#
                "series":[{"metric":"a.b","kind":"distribution","unit":"\"q\"/\u0001",\#
                "tags":{"a":"one, \"two\"\r\nthree","b":"=1+1\\\t\#u{7F}é漢🙂/"},\#
                "buckets":[{"start":"2026-01-31T23:58:00.000Z","count":1}]},\#
                {"metric":"a.b","kind":"distribution","unit":"\"q\"/\u0001",\#
                "tags":{"c,d":""},\#
                "buckets":[{"start":"2026-01-31T23:58:00.000Z","count":1}]}]}
                """#)
    }

    @Test func `are quoted in CSV`() {
        let csv = Self.metric.csv(TestMetric.query("count"))
        #expect(
            csv == #"""
                metric,a,b,"c,d",bucket_start,count⏎
                a.b,"one, ""two""⏎
                three",=1+1\\#t\#u{7F}é漢🙂/,,2026-01-31T23:58:00.000Z,1⏎
                a.b,,,,2026-01-31T23:58:00.000Z,1⏎

                """#)
    }
}
