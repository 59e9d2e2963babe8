internal import Rollup
internal import TimeSeries

/// How many bytes the least, greatest and last values of a chunk's buckets have.
enum ValueWidth: Int64 {
    case narrow = 8
    case wide = 16

    /// See `BucketChunk`.
    @inline(__always)
    var recordLength: Int { 37 + 3 * Int(rawValue) }

    func holds(_ bucket: Bucket) -> Bool {
        switch self {
        case .narrow:
            // The last value lies between them.
            Int64(exactly: bucket.min.parts) != nil && Int64(exactly: bucket.max.parts) != nil
        case .wide: true
        }
    }
}

/// Reads the records of a chunk's numbers one after the other. Nothing is taken on trust.
struct ChunkCursor {
    struct Record {
        let place: Int
        let numbers: BucketNumbers
        /// Its bytes among those of the chunk's sketches; empty where there is none.
        let sketch: Range<Int>
    }

    private let width: ValueWidth
    private(set) var offset = 0
    private var lastPlace = -1
    private(set) var sketchesEnd = 0

    init(width: ValueWidth) {
        self.width = width
    }

    /// - Returns: nil at the end.
    @inline(__always)
    mutating func next(_ numbers: Span<UInt8>) throws(StorageFault) -> Record? {
        guard offset < numbers.count else { return nil }
        guard offset + width.recordLength <= numbers.count else { throw .chunk }
        let place = Int(numbers[offset])
        let read = bucketNumbers(numbers)
        guard place > lastPlace, place < BucketChunk.bucketsMax, read.count > 0,
            read.min <= read.last, read.last <= read.max
        else { throw .chunk }
        let sketchStart = sketchesEnd
        sketchesEnd += Int(numbers.bigEndian32(at: offset + 33 + 3 * Int(width.rawValue)))
        lastPlace = place
        offset += width.recordLength
        return Record(place: place, numbers: read, sketch: sketchStart..<sketchesEnd)
    }

    @inline(__always)
    private func bucketNumbers(_ numbers: Span<UInt8>) -> BucketNumbers {
        let values = offset + 25
        let step = Int(width.rawValue)
        return BucketNumbers(
            count: numbers.orderedInt64(at: offset + 1),
            sum: numbers.orderedInt128(at: offset + 9),
            min: value(numbers, values), max: value(numbers, values + step),
            last: value(numbers, values + 2 * step),
            lastTime: Timestamp(milliseconds: numbers.orderedInt64(at: values + 3 * step)))
    }

    @inline(__always)
    private func value(_ numbers: Span<UInt8>, _ offset: Int) -> Quantity {
        switch width {
        case .narrow: Quantity(parts: Int128(numbers.orderedInt64(at: offset)))
        case .wide: Quantity(parts: numbers.orderedInt128(at: offset))
        }
    }
}
