/// What a sealed partition tells of its lines without a look at them: a frame to be skipped, before the seek
/// table.
///
///     │ 0x184D2A5D 4 │ size 4 │ "TidemarkSeal" 12 │ bytes 4 │ one zstd frame, with checksum │
///                                                            ╭────────╯
///                                                            │ last id 8 │ frames 4 │ first id 8 … │ header line │
///
/// A first id is that of the line with which a frame begins; 0 where a frame begins with none.
public struct SealIndex: Equatable, Sendable {
    /// Of the last line that has one; 0 where none has.
    public let lastID: UInt64
    /// One for each frame that holds something.
    public let firstIDs: [UInt64]
    /// The first line of the partition if it is a header, with its line end.
    public let header: [UInt8]

    static let magic: UInt32 = 0x184D_2A5D
    /// That other tools' frames are not taken for ours.
    private static let mark = Array("TidemarkSeal".utf8)
    private static let contentBytesMax = 64 << 20

    public init(lastID: UInt64, firstIDs: [UInt64], header: [UInt8]) {
        self.lastID = lastID
        self.firstIDs = firstIDs
        self.header = header
    }

    public var bytes: [UInt8] {
        var content: [UInt8] = []
        content.append(littleEndian: lastID)
        content.append(littleEndian: UInt32(firstIDs.count))
        for id in firstIDs { content.append(littleEndian: id) }
        content += header
        var frame = Self.mark
        frame.append(littleEndian: UInt32(content.count))
        frame += ZstdCompressor(level: 3).frame(of: content.span)
        return SkippableFrame.bytes(magic: Self.magic, frame)
    }

    /// - Returns: nil where the frame is another one, damaged, or tells what cannot be.
    public init?(_ frame: Span<UInt8>, frames: Int) {
        let start = SkippableFrame.headBytes + Self.mark.count + 4
        guard SkippableFrame.content(of: frame, magic: Self.magic) != nil, frame.count > start
        else { return nil }
        for (offset, letter) in Self.mark.enumerated()
        where frame[SkippableFrame.headBytes + offset] != letter { return nil }
        let count = Int(frame.littleEndian(at: start - 4, as: UInt32.self))
        guard count <= Self.contentBytesMax,
            let content = Zstd.bytes(of: frame.extracting(start..<frame.count), count: count)
        else { return nil }
        self.init(content: content, frames: frames)
    }

    private init?(content: [UInt8], frames: Int) {
        let span = content.span
        let ids = 12
        guard span.count >= ids, Int(span.littleEndian(at: 8, as: UInt32.self)) == frames,
            span.count >= ids + frames * 8
        else { return nil }
        lastID = span.littleEndian(at: 0, as: UInt64.self)
        firstIDs = (0..<frames).map { span.littleEndian(at: ids + $0 * 8, as: UInt64.self) }
        header = Array(content[(ids + frames * 8)...])
        let known = firstIDs.filter { $0 != 0 }
        guard zip(known, known.dropFirst()).allSatisfy({ $0 < $1 }), known.last ?? 0 <= lastID
        else { return nil }
    }
}
