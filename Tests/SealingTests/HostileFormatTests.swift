import Sealing
import Testing

/// Nobody can be made to believe, or to allocate, what a file merely claims.
@Suite struct `A hostile sealed file` {
    private static func sample() -> SealedBytes {
        var random = SplitMix64(seed: 1)
        return SealedBytes(sampleLines(60, &random))
    }

    @Test func `with any byte changed gives no other content`() throws {
        let sealed = Self.sample()
        let table = try #require(sealed.table)
        let frame = try #require(table.frames.first)
        let content = try #require(sealed.content(of: frame))
        let bytes = Array(sealed.bytes[frame.place])
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                let found = Zstd.bytes(of: changed.span, count: content.count)
                #expect(found == nil || found == content, "byte \(place), bit \(bit)")
            }
        }
    }

    @Test func `with any byte of its end changed has the same index or none`() throws {
        let sealed = Self.sample()
        let table = try #require(sealed.table)
        let index = try #require(sealed.index)
        let place = try #require(table.lastSkipped)
        let bytes = Array(sealed.bytes[place])
        for offset in bytes.indices {
            var changed = bytes
            changed[offset] ^= 0x55
            let found = SealIndex(changed.span, frames: table.frames.count)
            #expect(found == nil || found == index, "byte \(offset)")
        }
        for count in 0..<bytes.count {
            let part = Array(bytes.prefix(count))
            let found = SealIndex(part.span, frames: table.frames.count)
            #expect(found == nil, "\(count) bytes")
        }
        let ofOtherFrames = SealIndex(bytes.span, frames: table.frames.count + 1)
        #expect(ofOtherFrames == nil)
    }

    @Test func `with any byte of its table changed has a table that fits the file, or none`() {
        let sealed = Self.sample()
        let start = sealed.table?.end ?? 0
        for place in start..<sealed.bytes.count {
            var changed = sealed.bytes
            changed[place] ^= 0xFF
            guard let table = SealedBytes.table(changed) else { continue }
            #expect(table.frames.allSatisfy { $0.place.upperBound <= start })
            #expect(table.frames.allSatisfy { $0.content.count <= SeekTable.contentBytesMax })
        }
        for count in 0..<sealed.bytes.count {
            #expect(SealedBytes.table(Array(sealed.bytes.prefix(count))) == nil)
        }
    }

    @Test(
        arguments: [
            (46, 1 << 20, true), (20, 1 << 20, false), (600, 16 << 20, true),
            (1 << 20, (16 << 20) + 1, false), (20 << 20, 100, false),
        ])
    func `may not claim a frame that holds more than one can`(
        compressed: Int, decompressed: Int, isPossible: Bool
    ) {
        var table = SeekTable()
        table.append(compressed: compressed, decompressed: decompressed, checksum: 0)
        let bytes = table.bytes
        let found = SeekTable(bytes.span, fileBytes: compressed + bytes.count)
        #expect(found == (isPossible ? table : nil))
    }

    @Test func `that is a bomb is not inflated beyond what a frame may hold`() {
        let zeros = [UInt8](repeating: 0, count: SeekTable.contentBytesMax + 1)
        let bomb = ZstdCompressor(level: 1).frame(of: zeros.span)
        #expect(bomb.count < 4_096)
        var scan = FrameScan()
        scan.take(all: bomb.span)
        let found = Zstd.bytes(of: bomb.span, count: 1 << 20)
        #expect(scan.table == SeekTable() && found == nil)
    }

    @Test func `without frames is none`() {
        for bytes in [[], [0x28], Array("not a frame at all, but text".utf8)] as [[UInt8]] {
            var scan = FrameScan()
            scan.take(all: bytes.span)
            let found = Zstd.bytes(of: bytes.span, count: 10)
            #expect(scan.table == SeekTable() && found == nil)
            #expect(SealedBytes.table(bytes) == nil)
        }
    }
}
