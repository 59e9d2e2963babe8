import Sealing
import Testing

@Suite struct `A sealed file` {
    @Test(arguments: seeds(30, long: 1_000))
    func `gives back the bytes that went in, frame by frame`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let plain = sampleLines(
            random.pick([0, 1, 20, 300]), &random, longest: random.pick([40, 2_000, 60_000]))
        let sealed = SealedBytes(plain, frameBytes: random.pick([16_384, 50_000, 1 << 20]))
        let table = try #require(sealed.table)
        #expect(table.contentBytes == plain.count)
        #expect(table.frames.count == sealed.contents.count)
        for (frame, content) in zip(table.frames, sealed.contents) {
            #expect(sealed.content(of: frame) == content)
            #expect(Array(plain[frame.content]) == content)
            for offset in [frame.content.lowerBound, frame.content.upperBound - 1] {
                #expect(table.frame(at: offset).map { table.frames[$0] } == frame)
            }
        }
        #expect(table.frame(at: plain.count) == nil && table.frame(at: -1) == nil)
    }

    @Test func `is cut at line ends, and within a line that is longer than a frame`() {
        let lines = Array("ab\ncd\nef".utf8)
        let long = Array("abcd".utf8)
        let ends = [
            SealWriter.frameEnd(in: lines.span, isRest: false),
            SealWriter.frameEnd(in: lines.span, isRest: true),
            SealWriter.frameEnd(in: long.span, isRest: false),
        ]
        #expect(ends == [6, 8, 4])
    }

    @Test func `tells the first id of each frame that begins with a line, and the last of all`()
        throws
    {
        let long = String(repeating: "x", count: 40_000)
        let short = String(repeating: "y", count: 9_000)
        let plain = "header\n1:a\n2:\(long)\n3:\(short)\n5:\(short)\n9:\(short)\n"
        let sealed = SealedBytes(Array(plain.utf8))
        let index = try #require(sealed.index)
        let begins = sealed.contents.map { String(decoding: $0.prefix(2), as: UTF8.self) }
        #expect(begins == ["he", "2:", "xx", "xx", "5:", "9:"])
        #expect(index.firstIDs == [0, 2, 0, 0, 5, 9])
        #expect(index.lastID == 9)
        #expect(index.header == Array("header\n".utf8))
    }

    @Test func `says no first id that does not rise`() throws {
        let short = String(repeating: "y", count: 12_000)
        let sealed = SealedBytes(Array("7:\(short)\n3:\(short)\n8:\(short)\n".utf8))
        let index = try #require(sealed.index)
        #expect(index.firstIDs == [7, 0, 8])
        #expect(index.header == [])
    }

    @Test func `of nothing holds nothing`() throws {
        let sealed = SealedBytes([])
        #expect(try #require(sealed.table).contentBytes == 0)
        #expect(try #require(sealed.index).firstIDs == [])
    }

    /// As zstd's description of the seekable format draws it.
    @Test func `ends with the table of the seekable format`() {
        var table = SeekTable()
        table.append(compressed: 0x0102, decompressed: 0x030405, checksum: 0x0607_0809)
        table.append(compressed: 0x50, decompressed: 0, checksum: 0)
        #expect(
            table.bytes == [
                0x5E, 0x2A, 0x4D, 0x18, 33, 0, 0, 0,
                0x02, 0x01, 0, 0, 0x05, 0x04, 0x03, 0, 0x09, 0x08, 0x07, 0x06,
                0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                2, 0, 0, 0, 0x80, 0xB1, 0xEA, 0x92, 0x8F,
            ])
    }

    @Test func `of another tool may lack checksums`() throws {
        let bytes: [UInt8] =
            [UInt8](repeating: 7, count: 30) + [
                0x5E, 0x2A, 0x4D, 0x18, 17, 0, 0, 0, 30, 0, 0, 0, 100, 0, 0, 0, 1, 0, 0, 0, 3, 0xB1,
                0xEA, 0x92, 0x8F,
            ]
        let table = try #require(SealedBytes.table(bytes))
        #expect(table.frames.map(\.content) == [0..<100])
        #expect(table.frames.map(\.checksum) == [nil])
    }

    @Test(arguments: seeds(5, long: 100))
    func `whose table is lost is found frame by frame`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let sealed = SealedBytes(sampleLines(200, &random))
        let table = try #require(sealed.table)
        let cut = Int.random(in: 0...sealed.bytes.count, using: &random)
        let bytes = Array(sealed.bytes.prefix(cut))
        var scan = FrameScan()
        scan.take(all: bytes.span)
        let whole = table.frames.filter { $0.place.upperBound <= cut }
        #expect(scan.table.frames.map(\.place) == whole.map(\.place))
        #expect(scan.table.frames.map(\.content) == whole.map(\.content))
        let hasIndex = (table.lastSkipped?.upperBound ?? .max) <= cut
        #expect(scan.table.lastSkipped == (hasIndex ? table.lastSkipped : nil))
    }
}
