internal import Foundation
internal import Rollup
internal import TimeSeries

/// Buckets copied out of a store into a file, series after series, to be read back once. It lives as long
/// as one recount, so it has no version.
///
///     ┌────────┬─────────┬────────┬────────────────────────────────────────────────────────────────┐
///     │ series │ buckets │ length │ start count sum min max last last_time sketch_length sketch  … │
///     │ 4      │ 4       │ 8      │ 8     8     16  16  16  16   8         4                       │
///     └────────┴─────────┴────────┴────────────────────────────────────────────────────────────────┘
struct BucketFileWriter {
    /// Written at once.
    private static let pieceBytes = 1 << 20

    private let file: FileHandle
    private var bytes = BytesWriter()
    private(set) var bucketCount = 0

    init(_ path: String) throws {
        try Data().write(to: URL(fileURLWithPath: path))
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    /// - Parameter buckets: of one series.
    mutating func append(_ buckets: [SeriesBucket]) throws {
        guard let series = buckets.first?.series else { return }
        var body = BytesWriter()
        for bucket in buckets { body.append(bucket) }
        bytes.append(series.value)
        bytes.append(UInt32(truncatingIfNeeded: buckets.count))
        bytes.append(UInt64(body.bytes.count))
        bytes.append(contentsOf: body.bytes)
        bucketCount += buckets.count
        if bytes.bytes.count >= Self.pieceBytes { try flush() }
    }

    mutating func finish() throws {
        try flush()
        try file.close()
    }

    private mutating func flush() throws {
        try file.write(contentsOf: Data(bytes.bytes))
        bytes = BytesWriter()
    }
}

/// Reads what `BucketFileWriter` has written.
struct BucketFileReader {
    private static let headBytes = 16

    private let file: FileHandle
    /// The next series, where its head was read already.
    private var head: (series: SeriesID, buckets: Int, length: Int)?

    init(_ path: String) throws {
        file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        try readHead()
    }

    /// The buckets of a series: series are asked for in their order.
    mutating func buckets(of series: SeriesID) throws -> [SeriesBucket] {
        guard let head, head.series == series else { return [] }
        var body = BytesReader(try read(head.length))
        var buckets: [SeriesBucket] = []
        buckets.reserveCapacity(head.buckets)
        for _ in 0..<head.buckets {
            guard let bucket = body.nextBucket(of: series) else { throw BucketFileFault() }
            buckets.append(bucket)
        }
        try readHead()
        return buckets
    }

    private mutating func readHead() throws {
        let bytes = try read(Self.headBytes, orEnd: true)
        var reader = BytesReader(bytes)
        guard let series = reader.next(UInt32.self), let count = reader.next(UInt32.self),
            let length = reader.next(UInt64.self)
        else { return head = nil }
        head = (SeriesID(series), Int(count), Int(length))
    }

    private func read(_ count: Int, orEnd: Bool = false) throws -> [UInt8] {
        let bytes = [UInt8](try file.read(upToCount: count) ?? Data())
        guard bytes.count == count || orEnd && bytes.isEmpty else { throw BucketFileFault() }
        return bytes
    }
}

/// The file was cut or changed by somebody else.
struct BucketFileFault: Error {}

extension BytesWriter {
    fileprivate mutating func append(_ bucket: SeriesBucket) {
        append(bucket.start.milliseconds)
        append(bucket.bucket.count)
        append(bucket.bucket.sum)
        append(bucket.bucket.min.parts)
        append(bucket.bucket.max.parts)
        append(bucket.bucket.last.parts)
        append(bucket.bucket.lastTime.milliseconds)
        let sketch = bucket.bucket.sketch?.blob ?? []
        append(UInt32(truncatingIfNeeded: sketch.count))
        append(contentsOf: sketch)
    }
}

extension BytesReader {
    fileprivate mutating func nextBucket(of series: SeriesID) -> SeriesBucket? {
        guard let start = next(Int64.self), let count = next(Int64.self),
            let sum = next(Int128.self), let min = next(Int128.self),
            let max = next(Int128.self), let last = next(Int128.self),
            let time = next(Int64.self), let length = next(UInt32.self),
            let blob = next(bytes: Int(length))
        else { return nil }
        var sketch: Sketch?
        if !blob.isEmpty {
            guard let decoded = try? Sketch(blob: blob.span) else { return nil }
            sketch = decoded
        }
        return SeriesBucket(
            series: series, start: Timestamp(milliseconds: start),
            bucket: Bucket(
                count: count, sum: sum, min: Quantity(parts: min), max: Quantity(parts: max),
                last: Quantity(parts: last), lastTime: Timestamp(milliseconds: time),
                sketch: sketch))
    }

    private mutating func next(bytes count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for _ in 0..<count {
            guard let byte = next(UInt8.self) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
