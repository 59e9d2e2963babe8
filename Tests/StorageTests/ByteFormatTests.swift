import Foundation
import GRDB
import Rollup
import Storage
import Testing
import TestSupport
import TimeSeries

/// What stands in the file, byte by byte.
@Suite struct `The bytes of a store` {
    private let folder: ScratchFolder
    private let store: DerivedStore

    init() throws {
        folder = try ScratchFolder()
        store = try folder.store()
    }

    /// 2026-11-25T00:00:00Z, as seconds.
    private static let start: Int64 = 1_795_564_800

    private static func bucket(
        _ parts: [Int128], second: Int64, kind: MetricKind = .gauge
    ) throws -> Bucket {
        let time = Timestamp(milliseconds: (start + second) * 1_000)
        var bucket = Bucket(Quantity(parts: parts[0]), at: time, kind: kind)
        for value in parts.dropFirst() { bucket.add(Quantity(parts: value), at: time) }
        return bucket
    }

    private func store(_ buckets: [(second: Int64, bucket: Bucket)]) async throws {
        var flush = try flush(id: 1, Timestamp(milliseconds: Self.start * 1_000), [])
        var table = SeriesTable()
        let key = SeriesKey(metric: "m", tags: [.init("a", "b")]).canonical
        let series = try table.observe(
            key.span, kind: .gauge, sum: -1, at: EventID(1), now: flush.checkpoint.time)
        flush.series = table.takeChanges()
        flush.minutes = BucketBatch(
            merging: buckets.map {
                SeriesBucket(
                    series: series,
                    start: Timestamp(milliseconds: (Self.start + $0.second) * 1_000),
                    bucket: $0.bucket)
            })
        _ = try await store.writer.commit(flush)
    }

    @Test func `of recent minutes are columns`() async throws {
        try await store([
            (0, try Self.bucket([-1, 5], second: 0)),
            (60, try Self.bucket([1 << 64], second: 61, kind: .counter)),
        ])
        let rows = try folder.sql(
            """
            SELECT series_id || ' ' || minute || ' ' || count || ' ' || hex(sum) || ' ' || typeof(min)
                || ' ' || min || ' ' || max || ' ' || hex(last) || ' ' || last_ms || ' '
                || typeof(sketch) || hex(sketch)
            FROM recent WHERE count = 2
            UNION ALL
            SELECT minute || ' ' || hex(sum) || ' ' || typeof(min) || ' ' || hex(min) || ' '
                || last_ms || ' ' || typeof(sketch) || hex(sketch)
            FROM recent WHERE count = 1
            """, as: String.self)
        let sketch = try #require(try Self.bucket([-1, 5], second: 0).sketch?.blob)
        #expect(
            rows == [
                "0 1795564800 2 80000000000000000000000000000004 integer -1 5 35 1795564800000 "
                    + "blob" + hex(sketch),
                "1795564860 80000000000000010000000000000000 blob "
                    + "80000000000000010000000000000000 1795564861000 null",
            ])
    }

    @Test func `of a chunk are records side by side, and their sketches`() async throws {
        let buckets = [
            (second: 0 as Int64, bucket: try Self.bucket([-1, 5], second: 0)),
            (second: 3_540, bucket: try Self.bucket([0], second: 3_599, kind: .counter)),
        ]
        try await store(buckets)
        try await store.writer.settle()
        let rows = try folder.rows("SELECT * FROM rollup_1m")
        #expect(rows.count == 1)
        let row = try #require(rows.first)
        #expect(row["series_id"] == 0 && row["chunk"] == Self.start && row["buckets"] == 2)
        #expect(row["width"] == 8)
        let sketch = try #require(buckets[0].bucket.sketch?.blob)
        #expect(hex([UInt8](row["sketches"] as Data)) == hex(sketch))
        #expect(
            hex([UInt8](row["numbers"] as Data))
                == [
                    "00", "8000000000000002", "80000000000000000000000000000004",
                    "7FFFFFFFFFFFFFFF", "8000000000000005", "8000000000000005",
                    "800001A210008800", "00000009",
                    "3B", "8000000000000001", "80000000000000000000000000000000",
                    "8000000000000000", "8000000000000000", "8000000000000000",
                    "800001A210377298", "00000000",
                ].joined())
    }

    @Test func `of a chunk are wider where a value does not fit 64 bits`() async throws {
        let values: [Int128] = [-1 << 63, 1 << 63 - 1, 1 << 63]
        for (place, value) in values.enumerated() {
            let folder = try folder.inner()
            let store = try folder.store()
            let start = Timestamp(milliseconds: Self.start * 1_000)
            var flush = try flush(id: 1, start, [(0, start, 1)])
            let bucket = Bucket(
                count: 1, sum: value, min: Quantity(parts: value), max: Quantity(parts: value),
                last: Quantity(parts: value), lastTime: start, sketch: nil)
            flush.minutes = BucketBatch(
                merging: [SeriesBucket(series: SeriesID(0), start: start, bucket: bucket)])
            _ = try await store.writer.commit(flush)
            try await store.writer.settle()
            let isWide = place == 2
            #expect(
                try folder.sql("SELECT width FROM rollup_1m", as: Int.self) == [isWide ? 16 : 8])
            #expect(
                try folder.sql("SELECT length(numbers) FROM rollup_1h", as: Int.self)
                    == [isWide ? 85 : 61])
            #expect(try await store.rows(.oneHour).map(\.bucket) == [bucket])
        }
    }

    @Test func `of a series are its metric's number, its tags and 16 bytes of sum`() async throws {
        try await store([])
        let rows = try folder.sql(
            """
            SELECT series_id || ' ' || name || tags || ' ' || is_overflow || ' ' || lifetime_count
                || ' ' || hex(lifetime_sum) || ' ' || last_sample_ms
            FROM series JOIN metrics USING (metric_id)
            """, as: String.self)
        #expect(
            rows == [
                #"0 m{"a":"b"} 0 1 7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF 1795564800000"#
            ])
    }
}

private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}
