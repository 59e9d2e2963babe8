internal import EventIndex
internal import TimeSeries

/// A chapter's blocks and entries as bytes. Numbers without a width are varints.
///
///     blocks:   number 1 B │ offset − the one before │ first id − the one before │ CRC 4 B LE   each block
///     entries:  value − the one before │ blocks 4 B LE                     each value, in rising order
enum ChapterBlobs {
    static func blocks(of chapter: IndexChapter) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(chapter.blocks.count * 11)
        var (offset, id) = (chapter.offset, chapter.firstID.value)
        for block in chapter.blocks {
            bytes.append(UInt8(truncatingIfNeeded: block.number))
            bytes.append(leb128: UInt64(block.offset - offset))
            bytes.append(leb128: block.firstID.value - id)
            bytes.append(littleEndian: block.checksum)
            (offset, id) = (block.offset, block.firstID.value)
        }
        return bytes
    }

    static func blocks(
        _ bytes: Span<UInt8>, offset: Int, end: Int, firstID: EventID
    ) throws(StorageFault) -> [IndexBlock] {
        var reader = BlobReader()
        var (offset, id) = (UInt64(offset), firstID.value)
        var blocks: [IndexBlock] = []
        blocks.reserveCapacity(IndexScale.chapterBlocks)
        while reader.position < bytes.count {
            let number = try reader.byte(bytes)
            let step = try reader.leb128(bytes)
            id = id &+ (try reader.leb128(bytes))
            guard number < IndexScale.chapterBlocks, step < UInt64(end) - offset else {
                throw .column
            }
            offset += step
            blocks.append(
                IndexBlock(
                    number: Int(number), offset: Int(offset), firstID: EventID(id),
                    checksum: try reader.littleEndian32(bytes)))
        }
        guard !blocks.isEmpty else { throw .column }
        return blocks
    }

    static func entries(_ entries: [(value: Int64, blocks: UInt32)]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * 6)
        var last: Int64 = 0
        for entry in entries.sorted(by: { $0.value < $1.value }) {
            bytes.append(leb128: UInt64(entry.value - last))
            bytes.append(littleEndian: entry.blocks)
            last = entry.value
        }
        return bytes
    }

    /// Calls `body` with each entry.
    static func forEachEntry(
        _ bytes: Span<UInt8>, _ body: (Int64, UInt32) throws -> Void
    ) throws {
        var reader = BlobReader()
        var value: Int64 = 0
        while reader.position < bytes.count {
            value = value &+ Int64(truncatingIfNeeded: try reader.leb128(bytes))
            try body(value, try reader.littleEndian32(bytes))
        }
    }
}

/// Reads numbers one after the other.
private struct BlobReader {
    private(set) var position = 0

    mutating func byte(_ bytes: Span<UInt8>) throws(StorageFault) -> UInt8 {
        guard position < bytes.count else { throw .column }
        position += 1
        return bytes[position - 1]
    }

    mutating func leb128(_ bytes: Span<UInt8>) throws(StorageFault) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try byte(bytes)
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw .column
    }

    mutating func littleEndian32(_ bytes: Span<UInt8>) throws(StorageFault) -> UInt32 {
        var value: UInt32 = 0
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            value |= UInt32(try byte(bytes)) << shift
        }
        return value
    }
}

extension [UInt8] {
    fileprivate mutating func append(leb128 value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    fileprivate mutating func append(littleEndian value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
