import Catalogue
import TimeSeries
import Testing

@Suite struct `A batch of observations` {
    private static func observe(
        _ lines: [SampleLine], _ observer: inout LineObserver, into batch: inout ObservationBatch
    ) {
        for line in lines {
            let bytes = Array(line.text.utf8)
            observer.observe(bytes.span, into: &batch)
        }
    }

    @Test func `holds those of many lines, each with its line's id`() {
        let lines = [
            SampleLine.tool("PreToolUse", id: 5, at: 100), .tool("PostToolUse", id: 8, at: 130),
        ]
        var observer = LineObserver()
        var batch = ObservationBatch()
        #expect(batch.isEmpty)
        Self.observe(lines, &observer, into: &batch)
        #expect(batch.items.map(\.id.value) == [5, 5, 5, 8, 8, 8, 8])
        var single = LineObserver()
        #expect(batch.observed(observer.metrics) == single.observe(lines))
    }

    @Test func `is the same when it is used again`() {
        let lines = (1...50).map {
            SampleLine.tool("PostToolUse", id: UInt64($0), duration: "\($0)")
        }
        var observer = LineObserver()
        var batch = ObservationBatch()
        Self.observe(lines, &observer, into: &batch)
        let first = batch.observed(observer.metrics)
        batch.removeAll()
        #expect(batch.isEmpty)
        Self.observe(lines, &observer, into: &batch)
        #expect(batch.observed(observer.metrics) == first)
    }
}
