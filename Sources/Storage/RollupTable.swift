internal import Foundation
internal import GRDB
internal import Rollup
internal import TimeSeries

/// The chunks of one interval.
struct RollupTable {
    let db: Database
    let interval: Interval
    private let statements: RollupStatements

    init(_ db: Database, _ interval: Interval) {
        self.db = db
        self.interval = interval
        statements = RollupStatements.of(interval)
    }

    var bucketCount: Int64 {
        get throws {
            let row = try Row.fetchOne(db.cachedStatement(sql: statements.countBuckets))
            return try row?.integer(0) ?? 0
        }
    }
}

// MARK: Reading

extension RollupTable {
    /// Reads the chunks of a series that may hold buckets of a range, in the order of time, until the body
    /// returns false.
    /// - Parameter range: from the start of a bucket to that of another.
    func forEachChunk(
        _ series: SeriesID, _ range: TimeRange, _ body: (ChunkRow) throws -> Bool
    ) throws {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: statements.range),
            arguments: [
                series.stored, BucketChunk.start(of: range.from, interval).storedSeconds,
                range.to.storedSeconds,
            ])
        while let row = try rows.next() {
            guard try body(ChunkRow(row, interval)) else { return }
        }
    }
}

/// A row of a rollup table whose bytes are not yet read.
struct ChunkRow {
    let start: Timestamp
    private let interval: Interval
    private let width: ValueWidth
    private let row: Row

    /// - Parameter row: chunk, width, numbers, sketches.
    init(_ row: Row, _ interval: Interval) throws {
        start = try row.seconds(0)
        guard let width = ValueWidth(rawValue: try row.integer(1)),
            BucketChunk.start(of: start, interval) == start
        else { throw StorageFault.chunk }
        self.interval = interval
        self.width = width
        self.row = row
    }

    func chunk() throws -> BucketChunk {
        let (numbers, sketches) = (try row.bytes(2), try row.bytes(3))
        return try BucketChunk(
            start: start, interval: interval, width: width, numbers: numbers, sketches: sketches)
    }

    /// Appends the buckets that start within a range.
    func append(
        _ series: SeriesID, _ range: TimeRange, withSketches: Bool, to packed: inout PackedBuckets
    ) throws {
        // Without them, the pages that hold nothing else are not even read.
        var sketches = 0..<0
        if withSketches {
            sketches = try row.withUnsafeData(atIndex: 3) { data in
                guard let data else { throw StorageFault.chunk }
                let start = packed.append(sketches: data.span)
                return start..<start + data.count
            }
        }
        try row.withUnsafeData(atIndex: 2) { data in
            guard let data else { throw StorageFault.chunk }
            try append(
                data.span, series, range, sketches: withSketches ? sketches : nil, to: &packed)
        }
    }

    private func append(
        _ numbers: Span<UInt8>, _ series: SeriesID, _ range: TimeRange, sketches: Range<Int>?,
        to packed: inout PackedBuckets
    ) throws(StorageFault) {
        var cursor = ChunkCursor(width: width)
        while let record = try cursor.next(numbers) {
            let start = start.advanced(
                byMilliseconds: Int64(record.place) * interval.milliseconds)
            guard range.contains(start) else { continue }
            var sketch = 0..<0
            if let sketches {
                guard record.sketch.upperBound <= sketches.count else { throw .chunk }
                let first = sketches.lowerBound
                sketch = first + record.sketch.lowerBound..<first + record.sketch.upperBound
            }
            packed.append(series, start, record.numbers, sketch: sketch)
        }
        guard sketches.map({ $0.count == cursor.sketchesEnd }) ?? true else { throw .chunk }
    }
}

// MARK: Writing

extension RollupTable {
    /// Merges buckets of this interval into the chunks that are there: each chunk is read and written
    /// once.
    func merge(_ batch: BucketBatch) throws {
        var rest = batch.entries[...]
        while let first = rest.first {
            let start = BucketChunk.start(of: first.start, interval)
            var chunk = try chunk(first.series, start)
            while let entry = rest.first, entry.series == first.series,
                BucketChunk.start(of: entry.start, interval) == start
            {
                try chunk.merge(entry.bucket, at: entry.start)
                rest.removeFirst()
            }
            try write(chunk, first.series)
        }
    }

    /// Removes the buckets of a series that start within a range.
    /// - Parameter range: from the start of a bucket to that of another.
    func remove(_ series: SeriesID, _ range: TimeRange) throws {
        var chunks: [BucketChunk] = []
        try forEachChunk(series, range) { row in
            chunks.append(try row.chunk())
            return true
        }
        for chunk in chunks { try remove(from: chunk, series, range) }
    }

    /// Removes all buckets that start before a moment.
    /// - Parameter floor: the start of a bucket.
    func remove(before floor: Timestamp) throws {
        let border = BucketChunk.start(of: floor, interval)
        try db.cachedStatement(sql: statements.chunksBefore)
            .execute(arguments: [border.storedSeconds])
        guard let range = TimeRange(from: border, to: floor) else { return }
        let cut = try Row.fetchAll(
            db.cachedStatement(sql: statements.seriesOverlapping),
            arguments: [border.storedSeconds, floor.storedSeconds])
        for row in cut {
            let series = try row.series(0)
            try remove(from: try chunk(series, border), series, range)
        }
    }

    private func remove(
        from chunk: BucketChunk, _ series: SeriesID, _ range: TimeRange
    ) throws {
        var chunk = chunk
        try chunk.remove(in: range)
        guard chunk.isEmpty else { return try write(chunk, series) }
        try db.cachedStatement(sql: statements.remove)
            .execute(arguments: [series.stored, chunk.start.storedSeconds])
    }

    /// As it is stored, or a new one.
    private func chunk(_ series: SeriesID, _ start: Timestamp) throws -> BucketChunk {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: statements.select),
            arguments: [series.stored, start.storedSeconds])
        guard let row else { return BucketChunk(start: start, interval: interval) }
        let chunk = try ChunkRow(row, interval).chunk()
        guard chunk.start == start else { throw StorageFault.chunk }
        return chunk
    }

    private func write(_ chunk: BucketChunk, _ series: SeriesID) throws {
        try db.cachedStatement(sql: statements.upsert).execute(arguments: [
            series.stored, chunk.start.storedSeconds, chunk.count,
            chunk.width.rawValue, Data(chunk.numbers), Data(chunk.sketches),
        ])
    }
}
