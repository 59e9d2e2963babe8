import Folds
import Foundation
import Rollup
import Testing
import TimeSeries

@Suite struct `A fold` {
    private static let event =
        #"{"id":7,"event_id":"e","type":"Stop","source_app":"web","session_id":"s","#
        + #""timestamp":"2026-11-25T00:00:01.000Z","server_timestamp":"2026-11-25T00:00:02.000Z","#
        + #""processing_time_ms":1000,"enrichment_version":"1.0.0","data":{}}"#

    /// A line with one sample of a distribution.
    private static func samples(_ value: String, id: Int = 8) -> String {
        #"{"id":\#(id),"kind":"samples","server_timestamp":"2026-11-25T00:00:02.000Z","#
            + #""samples":[{"metric":"wait","kind":"distribution","tags":{},"#
            + #""points":[[1795564801000,\#(value)]]}]}"#
    }

    private func fold(_ lines: String...) -> Fold {
        var fold = Fold()
        for line in lines { fold.add(Array(line.utf8).span) }
        return fold
    }

    private func buckets(_ fold: Fold, _ key: String) throws -> [Bucket] {
        let bytes = Array(key.utf8)
        let series = try #require(fold.series.rows.first { $0.key == bytes }?.series)
        return fold.buckets.batch().entries.filter { $0.series == series }.map(\.bucket)
    }

    @Test func `counts a line once, however often it comes`() throws {
        let once = fold(Self.event)
        let often = fold(Self.event, Self.event, Self.samples("1", id: 6), Self.event)
        #expect(often.series.rows == once.series.rows)
        #expect(often.buckets.batch() == once.buckets.batch())
        #expect(once.position.lastID == EventID(7))
    }

    @Test func `passes over a header`() {
        let header = #"{"kind":"header","format":1,"log_id":"log","after_id":9}"#
        #expect(fold(Self.event, header).position == fold(Self.event).position)
    }

    @Test func `has no quantiles where samples were added up without a sketch`() throws {
        let fold = fold(
            Self.samples("5"),
            Self.samples(#"{"count":4,"sum":10,"min":1,"max":4,"last":2}"#, id: 9))
        let bucket = try #require(try buckets(fold, "wait{}").first)
        #expect((bucket.count, bucket.sum) == (5, 15_000_000))
        #expect(bucket.sketch == nil)
        #expect(fold.refusals == FoldRefusals())
    }

    private static var sketchOfOne: String {
        var sketch = Sketch()
        sketch.add(Quantity(parts: 1_000_000))
        return Data(sketch.blob).base64EncodedString()
    }

    @Test(arguments: [
        #"{"count":2,"sum":9,"min":1,"max":4,"last":2}"#,
        #"{"count":1,"sum":1,"min":1,"max":1,"last":1,"sketch":"AAAA"}"#,
        #"{"count":2,"sum":2,"min":1,"max":1,"last":1,"sketch":"\#(sketchOfOne)"}"#,
    ])
    func `refuses an aggregate that cannot be true`(aggregate: String) {
        let fold = fold(Self.samples(aggregate))
        #expect(fold.refusals.inconsistentAggregates == 1)
        #expect(fold.buckets.isEmpty && fold.series.count == 0)
    }

    @Test func `hands its changes over once`() {
        var fold = fold(Self.event)
        let before = FoldPosition()
        #expect(fold.hasChanges(since: before))
        let changes = fold.takeChanges()
        #expect(changes.buckets.count == 2 && changes.series.added.count == 2)
        #expect(!fold.hasChanges(since: changes.position))
        #expect(fold.takeChanges().buckets.isEmpty)
    }
}
