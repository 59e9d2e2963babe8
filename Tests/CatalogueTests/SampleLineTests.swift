import Catalogue
import Foundation
import TimeSeries
import Testing

@Suite struct `A line of samples` {
    private static let time = Timestamp(milliseconds: SampleLine.start)

    private static func depth(_ host: String) -> SeriesKey {
        SeriesKey(metric: "queue.depth", tags: [.init("host", host)])
    }

    @Test func `has these bytes`() {
        var lines = SampleLines()
        let bytes = SeriesKey(metric: "bytes")
        lines.append(Self.depth("a"), .gauge, Quantity(parts: 3_500_000), at: Self.time)
        lines.append(Self.depth("b\""), .gauge, .zero, at: Self.time)
        lines.append(
            Self.depth("a"), .gauge, Quantity(parts: 4_000_000),
            at: Self.time.advanced(byMilliseconds: 1_000))
        lines.append(
            bytes, .counter, isCumulative: true, unit: "By", Quantity(parts: 1), at: Self.time)
        #expect(
            lines.texts(firstID: 7) == [
                #"{"id":7,"kind":"samples","server_timestamp":"2025-01-31T10:30:00.000Z","samples":["#
                    + #"{"metric":"queue.depth","kind":"gauge","tags":{"host":"a"},"points":"#
                    + "[[1738319400000,3.5],[1738319401000,4]]},"
                    + #"{"metric":"queue.depth","kind":"gauge","tags":{"host":"b\""},"points":"#
                    + "[[1738319400000,0]]},"
                    + #"{"metric":"bytes","kind":"counter","unit":"By","temporality":"cumulative","#
                    + #""tags":{},"points":[[1738319400000,0.000001]]}]}"# + "\n"
            ])
    }

    @Test func `names each of many series once, in the order of their first samples`() {
        var lines = SampleLines()
        let hosts = (0..<300).map { "h\($0 * 7 % 300)" }
        for round in 0..<5 {
            for host in hosts {
                lines.append(
                    Self.depth(host), .gauge, Quantity(parts: Int128(round)),
                    at: Self.time.advanced(byMilliseconds: Int64(round)))
            }
        }
        let texts = lines.texts()
        #expect(texts.joined().ranges(of: "queue.depth").count < 300 + texts.count)
        var observer = LineObserver()
        let found = texts.flatMap { observer.observe($0) }
        #expect(
            found.map(\.series)
                == hosts.flatMap { [String](repeating: #"queue.depth{"host":"\#($0)"}"#, count: 5) }
        )
        #expect(found.map(\.time) == hosts.flatMap { _ in Array(0..<5) })
    }

    @Test func `gives its samples at their own times`() {
        var lines = SampleLines()
        lines.append(Self.depth("a"), .gauge, Quantity(parts: 3_500_000), at: Self.time)
        lines.append(
            Self.depth("a"), .gauge, Quantity(parts: -1), at: Self.time.advanced(byMilliseconds: 9))
        lines.append(Self.depth("é\n"), .gauge, .zero, at: Self.time)
        var observer = LineObserver()
        #expect(
            observer.observe(lines.texts()[0]) == [
                Observed(#"queue.depth{"host":"a"}"#, "3.5"),
                Observed(#"queue.depth{"host":"a"}"#, "-0.000001", at: 9),
                Observed(#"queue.depth{"host":"é\n"}"#, "0"),
            ])
        #expect(observer.omissions.total == 0)
        #expect(observer.clock == Self.time)
    }

    @Test func `is ended once it is long`() {
        var lines = SampleLines()
        for second in 0..<20_000 {
            lines.append(
                Self.depth("\(second % 7)"), .gauge, Quantity(parts: Int128(second)),
                at: Self.time.advanced(byMilliseconds: Int64(second)))
        }
        #expect(lines.heldBytes < SampleLines.waitingBytesMax * 2)
        let texts = lines.texts()
        #expect(texts.count > 5)
        #expect(texts.allSatisfy { $0.utf8.count < SampleLines.lineBytesMax + 1_000 })
        var observer = LineObserver()
        let found = texts.flatMap { observer.observe($0) }
        #expect(found.count == 20_000)
        #expect(Set(found.map(\.time)) == Set(0..<20_000))
        for (series, samples) in Dictionary(grouping: found, by: \.series) {
            #expect(samples.map(\.time) == samples.map(\.time).sorted(), "\(series)")
        }
        lines.removeAll()
        #expect(lines.isEmpty)
        #expect(lines.texts().isEmpty)
    }

    @Test func `may hold numbers that were added up before`() throws {
        let aggregate = SampleAggregate(
            count: 12, sum: 34_500_000, min: Quantity(parts: 1_000_000),
            max: Quantity(parts: 9_000_000), last: Quantity(parts: 3_000_000),
            sketch: [0, 255, 7, 8])
        var lines = SampleLines()
        lines.append(
            SeriesKey(metric: "log.write"), .distribution, unit: "ms", aggregate, at: Self.time)
        let text = lines.texts()[0]
        #expect(
            text.hasSuffix(
                #"{"metric":"log.write","kind":"distribution","unit":"ms","tags":{},"points":["#
                    + #"[1738319400000,{"count":12,"sum":34.5,"min":1,"max":9,"last":3,"#
                    + #""sketch":"AP8HCA=="}]]}]}"# + "\n"))
        let batch = Self.batch(text)
        let item = try #require(batch.items.first)
        let found = batch.aggregates[try #require(item.aggregateIndex)]
        #expect(item.value == aggregate.last)
        #expect(item.time == Self.time)
        #expect((found.count, found.sum) == (12, 34_500_000))
        #expect((found.min, found.max) == (aggregate.min, aggregate.max))
        #expect(Array(batch.sketches[found.sketch]) == aggregate.sketch)
    }

    private static func batch(_ text: String) -> ObservationBatch {
        var observer = LineObserver()
        var batch = ObservationBatch()
        let bytes = Array(text.utf8)
        observer.observe(bytes.span, into: &batch)
        return batch
    }

    @Test(
        arguments: [
            #"{"count":0,"sum":0,"min":0,"max":0,"last":0}"#,
            #"{"count":2,"sum":3,"min":2,"max":1,"last":2}"#,
            #"{"count":2,"sum":3,"min":1,"max":2,"last":3}"#,
            #"{"count":2,"sum":1e3,"min":1,"max":2,"last":2}"#,
            #"{"count":2,"sum":0.0000001,"min":1,"max":2,"last":2}"#,
            #"{"count":2,"sum":3,"min":1,"max":2,"last":2,"sketch":"A"}"#,
            #"{"count":2,"sum":3,"min":1,"max":2,"last":2,"sketch":"AB=="}"#,
            #"{"count":-2,"sum":3,"min":1,"max":2,"last":2}"#,
            #"{"count":1.5,"sum":3,"min":1,"max":2,"last":2}"#,
            #"{"sum":3,"count":2,"min":1,"max":2,"last":2}"#,
        ])
    func `holds no aggregate whose parts cannot be true`(aggregate: String) {
        var observer = LineObserver()
        #expect(observer.observe(Self.gauge(points: "[[1738319400000,\(aggregate)]]")).isEmpty)
        #expect(observer.omissions[.malformedSample] == 1)
    }

    static func gauge(
        metric: String = "m", kind: String = "gauge", tags: String = "{}",
        points: String = "[[1738319400000,1]]"
    ) -> String {
        #"{"id":7,"kind":"samples","server_timestamp":"2025-01-31T10:30:00.000Z","samples":["#
            + #"{"metric":"\#(metric)","kind":"\#(kind)","tags":\#(tags),"points":\#(points)}]}"#
    }

    @Test(
        arguments: [
            (#"{"b":"1","a":"2"}"#, #"m{"a":"2","b":"1"}"#), (#"{"a":""}"#, "m{}"),
            (#"{"a":"\u0062\/"}"#, #"m{"a":"b/"}"#), (#"{"a":"1","a":"2"}"#, #"m{"a":"2"}"#),
            (#"{"\u0061":"é"}"#, #"m{"a":"é"}"#),
            (#"{"a":"1","b":"","c":"3"}"#, #"m{"a":"1","c":"3"}"#),
            (#"{ "a" : "1" }"#, #"m{"a":"1"}"#),
        ])
    func `has its tags made canonical whatever they are`(tags: String, series: String) {
        var observer = LineObserver()
        #expect(observer.observe(Self.gauge(tags: tags)).map(\.series) == [series])
    }

    @Test(
        arguments: [
            ("m", "gauge", "[1]", "[[1,1]]"), ("m", "gauge", #"{"a":1}"#, "[[1,1]]"),
            ("m m", "gauge", "{}", "[[1,1]]"), ("", "gauge", "{}", "[[1,1]]"),
            ("m", "other", "{}", "[[1,1]]"), ("m", "gauge", "{}", "[]"),
            ("m", "gauge", "{}", "[[1]]"), ("m", "gauge", "{}", "[[x,1]]"),
            ("m", "gauge", "{}", "[[99999999999999999,1]]"), ("m", "gauge", "{}", "[[1,1],]"),
            ("m", "gauge", "{}", "[[1 ,1]]"),
        ])
    func `gives nothing where it is damaged`(
        metric: String, kind: String, tags: String, points: String
    ) {
        var observer = LineObserver()
        let line = Self.gauge(metric: metric, kind: kind, tags: tags, points: points)
        #expect(observer.observe(line).count == (points == "[[1,1],]" ? 1 : 0))
        #expect(observer.omissions[.malformedSample] == 1)
    }

    @Test func `counts numbers that are none`() {
        var observer = LineObserver()
        let points = "[[1738319400000,1e400],[1738319400000,],[1738319400000,5],[1738319400000,01]]"
        #expect(observer.observe(Self.gauge(points: points)) == [Observed("m{}", "5")])
        #expect(observer.omissions[.outOfRange] == 1)
        #expect(observer.omissions[.notANumber] == 2)
    }
}

@Suite struct `A metric's kind` {
    @Test func `is the first one that was seen`() {
        var observer = LineObserver()
        #expect(observer.observe(`A line of samples`.gauge(kind: "gauge")).count == 1)
        #expect(observer.observe(`A line of samples`.gauge(kind: "counter")).isEmpty)
        #expect(observer.omissions[.kindConflict] == 1)
        #expect(observer.observe(`A line of samples`.gauge(kind: "gauge")).count == 1)
        #expect(observer.takeChanges().metrics.map(\.name) == ["m"])
        #expect(observer.takeChanges().isEmpty)
    }

    @Test func `is that of the catalogue for Tidemark's own`() {
        var observer = LineObserver()
        let own = `A line of samples`.gauge(metric: "tokens", kind: "gauge")
        #expect(observer.observe(own).isEmpty)
        #expect(observer.omissions[.kindConflict] == 1)
        let right = `A line of samples`.gauge(metric: "tokens", kind: "counter")
        #expect(observer.observe(right).count == 1)
    }

    @Test func `is kept of so many metrics`() {
        var limits = LineObserver.Limits()
        limits.metricsMax = BuiltinMetric.allCases.count + 1
        var observer = LineObserver(limits: limits)
        #expect(observer.observe(`A line of samples`.gauge(metric: "a")).count == 1)
        #expect(observer.observe(`A line of samples`.gauge(metric: "b")).isEmpty)
        #expect(observer.observe(`A line of samples`.gauge(metric: "a")).count == 1)
        #expect(observer.omissions[.tooManyMetrics] == 1)
    }

    @Test func `and name stay at their place in the table`() {
        var table = MetricTable()
        for metric in BuiltinMetric.allCases {
            #expect(table.id(of: metric.definition.name) == MetricID(metric.rawValue))
        }
        #expect(table.id(of: "tool.call") == nil)
        #expect(table.id(of: "") == nil)
        var observer = LineObserver()
        for number in 0..<3_000 {
            _ = observer.observe(`A line of samples`.gauge(metric: "m\(number)"))
        }
        table = observer.metrics
        for number in 0..<3_000 {
            #expect(
                table.id(of: "m\(number)")
                    == MetricID(UInt16(BuiltinMetric.allCases.count + number)))
        }
    }
}

@Suite struct `A cumulative counter` {
    private static func read(
        _ readings: [(Int64, String)], _ limits: LineObserver.Limits = .init()
    ) -> (found: [Observed], observer: LineObserver) {
        var observer = LineObserver(limits: limits)
        let found = readings.flatMap { time, number in
            observer.observe(line([(time, number)]))
        }
        return (found, observer)
    }

    private static func line(_ readings: [(Int64, String)], tags: String = "{}") -> String {
        let points = readings.map { "[\(SampleLine.start + $0),\($1)]" }.joined(separator: ",")
        return `A line of samples`.gauge(kind: "counter", tags: tags, points: "[\(points)]")
            .replacingOccurrences(of: #","tags""#, with: #","temporality":"cumulative","tags""#)
    }

    @Test func `gives its increases, and its whole reading after a restart`() {
        let (found, observer) = Self.read([
            (0, "10"), (1, "14"), (2, "14"), (3, "3"), (4, "8.5"), (5, "0"),
        ])
        #expect(found.map(\.value) == ["4", "0", "3", "5.5", "0"])
        #expect(found.map(\.time) == [1, 2, 3, 4, 5])
        #expect(observer.omissions.total == 0)
    }

    @Test func `passes over a reading that is not newer than the last`() {
        let (found, observer) = Self.read([(5, "10"), (3, "100"), (5, "11"), (6, "12")])
        #expect(found == [Observed("m{}", "2", at: 6)])
        #expect(observer.omissions[.staleReading] == 2)
    }

    @Test func `is never negative`() {
        let (found, observer) = Self.read([(0, "1"), (1, "-1"), (2, "3")])
        #expect(found.map(\.value) == ["2"])
        #expect(observer.omissions[.negativeCounter] == 1)
    }

    @Test func `has a state for each series, of so many`() {
        var limits = LineObserver.Limits()
        limits.cumulativeSeriesMax = 2
        var observer = LineObserver(limits: limits)
        for (time, series, count) in [
            (0, "a", 0), (0, "b", 0), (1, "a", 1), (1, "c", 0), (2, "a", 1), (2, "b", 0),
        ] {
            let line = Self.line([(Int64(time), "5")], tags: #"{"t":"\#(series)"}"#)
            #expect(observer.observe(line).count == count, "\(time) \(series)")
        }
    }

    @Test func `that was added up before never falls either`() {
        var observer = LineObserver()
        for (aggregate, count) in [
            (#"{"count":2,"sum":3,"min":1,"max":2,"last":2}"#, 1),
            (#"{"count":2,"sum":1,"min":-1,"max":2,"last":2}"#, 0),
            (#"{"count":2,"sum":-1,"min":0,"max":2,"last":2}"#, 0),
        ] {
            let points = "[[1738319400000,\(aggregate)]]"
            let line = `A line of samples`.gauge(kind: "counter", points: points)
            #expect(observer.observe(line).count == count)
        }
        #expect(observer.omissions[.negativeCounter] == 2)
    }

    @Test func `is no gauge`() {
        var observer = LineObserver()
        let line = Self.line([(0, "1")]).replacingOccurrences(of: "counter", with: "gauge")
        #expect(observer.observe(line).isEmpty)
        #expect(observer.omissions[.malformedSample] == 1)
    }
}
