import Catalogue
import TimeSeries
import Testing

@Suite struct `A damaged line for the folds` {
    private static let lines: [[UInt8]] = {
        var samples = SampleLines()
        let time = Timestamp(milliseconds: SampleLine.start)
        let series = SeriesKey(metric: "q", tags: [.init("a", "x\"\n"), .init("b", "é")])
        samples.append(series, .gauge, unit: "By", Quantity(parts: -12_500_000), at: time)
        samples.append(
            SeriesKey(metric: "c"), .counter, isCumulative: true, Quantity(parts: 7), at: time)
        samples.append(
            SeriesKey(metric: "d"), .distribution,
            SampleAggregate(
                count: 2, sum: 3, min: Quantity(parts: 1), max: Quantity(parts: 2),
                last: Quantity(parts: 1), sketch: [1, 2]), at: time)
        var event = SampleLine.tool("PostToolUse", duration: "12.5")
        event.sourceApp = #""a\u00e9\"""#
        return [
            event.text, samples.texts()[0], `A catalogue`.full.line(),
            #"{"kind":"header","format":1,"log_id":"x"}"#,
            SampleLine.tool("PermissionRequest").text,
        ].map { Array($0.utf8) }
    }()

    /// A new observer for each, with entries of a user that look into the event.
    private static let fresh: LineObserver = {
        var observer = LineObserver()
        var catalogue = `A catalogue`.full
        catalogue.metrics[1].source?.type = "PostToolUse"
        catalogue.metrics[2].source?.type = "PostToolUse"
        _ = observer.observe(catalogue.line())
        return observer
    }()

    private static func observe(_ line: [UInt8]) -> LineObserver {
        var observer = fresh
        var batch = ObservationBatch()
        observer.observe(line.span, into: &batch)
        for item in batch.items {
            let key = Array(batch.keys[item.key])
            if (try? SeriesKey(canonical: key.span)) == nil {
                Issue.record("no canonical key from \(String(decoding: line, as: UTF8.self))")
            }
        }
        return observer
    }

    @Test func `never stops the observer, cut at any byte`() {
        for line in Self.lines {
            for length in line.indices {
                _ = Self.observe(Array(line.prefix(length)))
                _ = Self.observe(line.prefix(length) + [0x0A])
            }
        }
    }

    @Test func `never stops the observer, with any byte made another`() {
        let bytes: [UInt8] = [
            0x00, 0x0A, 0x22, 0x5C, 0x7B, 0x7D, 0x2C, 0x2D, 0x30, 0x75, 0x39, 0xFF,
        ]
        for line in Self.lines {
            for index in line.indices {
                for byte in bytes {
                    var damaged = line
                    damaged[index] = byte
                    // Bytes above ASCII are no text; the log's reader does not let them through.
                    if byte == 0xFF {
                        var observer = Self.fresh
                        var batch = ObservationBatch()
                        observer.observe(damaged.span, into: &batch)
                    } else {
                        _ = Self.observe(damaged)
                    }
                }
            }
        }
    }

    @Test func `is counted where it is of no known kind`() {
        for text in ["", "\n", "{}", "[]", "null", #"{"id":5}"#, #"{"id":5,"kind":"other"}"#] {
            #expect(Self.observe(Array(text.utf8)).omissions[.malformedLine] == 1)
        }
        #expect(Self.observe(Self.lines[3]).omissions.total == 0)
    }

    @Test func `may have an id of any size`() {
        var observer = LineObserver()
        for id in [0, 1, UInt64.max - 1, UInt64.max] {
            #expect(observer.observe(SampleLine.tool("PreToolUse", id: id).text).count == 3)
        }
    }
}
