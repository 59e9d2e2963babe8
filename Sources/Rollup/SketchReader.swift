/// Reads the bytes of a sketch (see `Sketch.appendBlob`) entry by entry, from the beginning to the end, and
/// makes no `Sketch` of them. Nothing is taken on trust.
struct SketchReader {
    let resolution: Int
    let zeroCount: UInt64
    private var varints = VarintReader(position: 1)

    enum Header {
        static let version: UInt8 = 1 << 6
        static let versionBits: UInt8 = 0b1100_0000
        static let hasZeroCount: UInt8 = 0b0010_0000
        static let resolutionBits: UInt8 = 0b0001_1111
    }

    init(_ blob: Span<UInt8>) throws(SketchFault) {
        guard blob.count > 0 else { throw .truncated }
        let header = blob[0]
        guard header & Header.versionBits == Header.version else { throw .unknownVersion }
        resolution = Int(header & Header.resolutionBits) + Sketch.resolutionMin
        guard resolution <= Sketch.resolutionMax else { throw .unknownResolution }
        guard header & Header.hasZeroCount != 0 else {
            zeroCount = 0
            return
        }
        zeroCount = try varints.next(blob)
        guard zeroCount > 0 else { throw .emptyCount }
    }

    /// To be read first; hands on index and count of each entry, in the order of the indexes.
    /// - Parameter leap: is told what several entries in a row count, and whether to leave them out.
    @inline(__always)
    mutating func readPositive(
        _ blob: Span<UInt8>, leap: (UInt64) -> Bool = { _ in false },
        _ body: (Int32, UInt64) -> Void
    ) throws(SketchFault) {
        _ = try readSide(blob, leap, body)
    }

    /// To be read behind the positive side; it must end with the bytes.
    @inline(__always)
    mutating func readNegative(
        _ blob: Span<UInt8>, _ body: (Int32, UInt64) -> Void
    ) throws(SketchFault) {
        if varints.position < blob.count {
            guard try readSide(blob, { _ in false }, body) > 0 else { throw .emptyCount }
        }
        guard varints.position == blob.count else { throw .trailingBytes }
    }

    /// - Returns: how many entries there are.
    @inline(__always)
    private mutating func readSide(
        _ blob: Span<UInt8>, _ leap: (UInt64) -> Bool, _ body: (Int32, UInt64) -> Void
    ) throws(SketchFault) -> UInt64 {
        let entries = try varints.next(blob)
        guard entries <= Sketch.entriesMax else { throw .tooManyEntries }
        guard entries > 0 else { return 0 }
        let domain = SketchIndex.domain(resolution: resolution)
        guard var index = Zigzag.decode(try varints.next(blob)), domain.contains(index) else {
            throw .indexOutOfRange
        }
        body(index, try count(blob))
        var rest = entries - 1
        while rest > 0 {
            if rest >= 4, let four = FourEntries(blob, varints.position),
                domain.upperBound - index >= four.distance, leap(four.count)
            {
                index += four.distance
                varints.skip(8)
                rest -= 4
                continue
            }
            let gap = try varints.next(blob)
            guard gap < UInt64(domain.upperBound - index) else { throw .indexOutOfRange }
            index += Int32(truncatingIfNeeded: gap) + 1
            body(index, try count(blob))
            rest -= 1
        }
        return entries
    }

    @inline(__always)
    private mutating func count(_ blob: Span<UInt8>) throws(SketchFault) -> UInt64 {
        let count = try varints.next(blob)
        guard count > 0 else { throw .emptyCount }
        return count
    }
}

/// Four entries at once, where each of their eight numbers is of one byte.
private struct FourEntries {
    /// Of all four.
    let count: UInt64
    /// From the index before them to that of the last.
    let distance: Int32

    /// - Returns: nil where a number is longer, or counts nothing, or there are not so many bytes.
    @inline(__always)
    init?(_ blob: Span<UInt8>, _ position: Int) {
        guard position &+ 8 <= blob.count else { return nil }
        // Any eight bytes are a valid integer, and the span checks its bounds.
        let word = unsafe UInt64(
            littleEndian: blob.bytes.unsafeLoadUnaligned(
                fromByteOffset: position, as: UInt64.self))
        let gaps = word & 0x00FF_00FF_00FF_00FF
        let counts = word &>> 8 & 0x00FF_00FF_00FF_00FF
        guard word & 0x8080_8080_8080_8080 == 0,
            (counts &+ 0x007F_007F_007F_007F) & 0x0080_0080_0080_0080 == 0x0080_0080_0080_0080
        else { return nil }
        // A multiplication adds up the four in its upper 16 bits.
        count = (counts &* 0x0001_0001_0001_0001) &>> 48
        distance = Int32(truncatingIfNeeded: (gaps &* 0x0001_0001_0001_0001) &>> 48) &+ 4
    }
}
