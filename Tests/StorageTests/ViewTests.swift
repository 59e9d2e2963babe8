import Foundation
import GRDB
import Rollup
import Storage
import Testing
import TestSupport
import TimeSeries

/// What people see with plain SQL.
@Suite struct `A view of buckets` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test(.serialized, arguments: seeds(4, long: 100))
    func `has the numbers of all buckets, settled or not, as near as a REAL comes`(
        seed: UInt64
    ) async throws {
        var limits = DerivedStore.Limits()
        limits.recentRowsMax = 40
        let store = try folder.store(limits)
        var folds = SampleFolds(seed: seed)
        for _ in 0..<6 { _ = try await store.writer.commit(folds.flush(samples: 25)) }
        try await store.writer.raiseFloor(
            of: .fiveMinutes, to: folds.now.advanced(byMilliseconds: -600_000))
        for interval in Interval.allCases {
            let rows = try folder.rows(
                "SELECT * FROM buckets_\(interval.name) ORDER BY series_id, start")
            let expected = try await store.rows(interval).sorted {
                ($0.series.value, $0.start.text) < ($1.series.value, $1.start.text)
            }
            #expect(rows.count == expected.count)
            for (row, bucket) in zip(rows, expected) {
                let key = folds.series[bucket.series].key
                #expect(
                    (row["metric"] as String) + (row["tags"] as String)
                        == String(decoding: key, as: UTF8.self))
                #expect(row["series_id"] == Int64(bucket.series.value))
                #expect(row["start"] == bucket.start.text)
                #expect(row["count"] == bucket.bucket.count)
                Self.expect(row, "sum", bucket.bucket.sum)
                Self.expect(row, "avg", bucket.bucket.average.parts)
                Self.expect(row, "min", bucket.bucket.min.parts)
                Self.expect(row, "max", bucket.bucket.max.parts)
                Self.expect(row, "last", bucket.bucket.last.parts)
            }
        }
    }

    private static func expect(_ row: Row, _ column: String, _ parts: Int128) {
        let expected = Double(parts: parts, scale: .millionths)
        let found: Double = row[column]
        // The sum of a settled bucket and of recent minutes may have lost what both had in common.
        let tolerance = max(
            1e-6, expected.magnitude * 1e-12, column == "sum" || column == "avg" ? 1e8 : 0)
        #expect(abs(found - expected) <= tolerance, "\(column) \(found) \(expected)")
    }

    private static let exact: [(Int128, Double)] = [
        (0, 0), (1, 1e-6), (-1, -1e-6), (12_500_000, 12.5), (-12_500_000, -12.5),
        (1 << 63, 9_223_372_036_854.775808), (-1 << 63, -9_223_372_036_854.775808),
        (1 << 64, 18_446_744_073_709.551616), (-1 << 64, -18_446_744_073_709.551616),
        (100_000_000_000_000_000_000_000_000, 1e20), (-100_000_000_000_000_000_000_000_000, -1e20),
    ]

    @Test(arguments: [false, true])
    func `tells numbers of all sizes and signs`(settled: Bool) async throws {
        let store = try folder.store()
        let start = SampleFolds.start
        let samples = Self.exact.indices.map { (UInt32($0), start, 1 as Int64) }
        var flush = try flush(id: 1, start, samples)
        flush.minutes = BucketBatch(
            merging: Self.exact.enumerated().map { place, number in
                SeriesBucket(
                    series: SeriesID(UInt32(place)), start: start,
                    bucket: Bucket(Quantity(parts: number.0), at: start, kind: .counter))
            })
        _ = try await store.writer.commit(flush)
        if settled { try await store.writer.settle() }
        for column in ["sum", "avg", "min", "max", "last"] {
            let found = try folder.sql(
                "SELECT \(column) FROM buckets_3m ORDER BY series_id", as: Double.self)
            #expect(found == Self.exact.map(\.1), "\(column)")
        }
    }

    /// Series 0 has its last value from the flush before settling, series 1 from the one after it, of the
    /// same moment.
    @Test(arguments: [[0] as [UInt64], [0, 1], [1], []])
    func `has as last value the greatest of the last moment`(settledAfter: [UInt64]) async throws {
        let store = try folder.store()
        let start = SampleFolds.start
        let later = start.advanced(byMilliseconds: 61_000)
        for (id, values) in [(1 as UInt64, [7 as Int64, 3]), (2, [5, 4])] {
            let samples = values.enumerated().flatMap { series, value in
                [
                    (UInt32(series), start, 100 as Int64), (UInt32(series), later, value),
                    (UInt32(series), later, value - 2),
                ]
            }
            _ = try await store.writer.commit(try flush(id: id, later, samples))
            if settledAfter.contains(id - 1) { try await store.writer.settle() }
        }
        for interval in ["1m", "5m"] {
            let found = try folder.sql(
                "SELECT last FROM buckets_\(interval) WHERE last < 100 ORDER BY series_id",
                as: Double.self)
            #expect(found == [7, 4])
        }
    }

    /// Within one recent bucket, the minutes' values may stand in any order.
    @Test func `has as last value of several minutes the greatest of the last moment`()
        async throws
    {
        let store = try folder.store()
        let start = SampleFolds.start
        var flush = try flush(id: 1, start, [(0, start, 1)])
        flush.minutes = BucketBatch(
            merging: [(0, 5), (60_000, 9), (120_000, 2)].map { (offset: Int64, value: Int128) in
                SeriesBucket(
                    series: SeriesID(0), start: start.advanced(byMilliseconds: offset),
                    bucket: Bucket(
                        Quantity(parts: value * 1_000_000), at: start, kind: .counter))
            })
        _ = try await store.writer.commit(flush)
        #expect(try folder.sql("SELECT last FROM buckets_5m", as: Double.self) == [9])
    }

    @Test func `can be read with sqlite3`() async throws {
        let tool = "/usr/bin/sqlite3"
        guard FileManager.default.isExecutableFile(atPath: tool) else { return }
        let store = try folder.store()
        let start = SampleFolds.start
        for (id, minutes) in [(1 as UInt64, [0, 1, 9]), (2, [0, 10])] {
            let samples = minutes.map {
                (UInt32(0), start.advanced(byMilliseconds: Int64($0) * 60_000), Int64($0) - 1)
            }
            _ = try await store.writer.commit(try flush(id: id, start, samples))
            if id == 1 { try await store.writer.settle() }
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool)
        process.arguments = [
            folder.storePath,
            "SELECT * FROM buckets_5m WHERE metric = 'calls' AND start >= '2026-11-25T00' ORDER BY start",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(
            text == """
                calls|{"n":"0"}|0|2026-11-25T00:00:00Z|3|-2.0|-0.666666666666667|-1.0|0.0|0.0|
                calls|{"n":"0"}|0|2026-11-25T00:05:00Z|1|8.0|8.0|8.0|8.0|8.0|
                calls|{"n":"0"}|0|2026-11-25T00:10:00Z|1|9.0|9.0|9.0|9.0|9.0|

                """)
    }
}

extension Timestamp {
    /// `2026-11-25T00:00:00Z`
    fileprivate var text: String { description.prefix(19) + "Z" }
}
