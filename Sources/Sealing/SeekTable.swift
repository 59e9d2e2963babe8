/// Where the frames of a sealed file stand, and which bytes of the plain file each holds.
///
/// On the disk it is the last frame of the file, as zstd's «seekable format» 0.1.0 has it:
///
///     │ 0x184D2A5E 4 │ size 4 │ frame … │ frames 4 │ flags 1 │ 0x8F92EAB1 4 │
///                      ╭──────╯
///                      │ compressed 4 │ decompressed 4 │ checksum 4 │
///
/// The checksum (there where bit 7 of the flags is set) is the lower half of XXH64 of what the frame holds:
/// the same four bytes with which the frame itself ends.
public struct SeekTable: Equatable, Sendable {
    public struct Frame: Equatable, Sendable {
        /// In the sealed file.
        public let place: Range<Int>
        /// In the plain file.
        public let content: Range<Int>
        public let checksum: UInt32?
    }

    /// What one frame may hold; a file with larger ones is none of ours.
    public static let contentBytesMax = 16 << 20
    public static let footerBytes = 9

    static let magic: UInt32 = 0x184D_2A5E
    private static let footerMagic: UInt32 = 0x8F92_EAB1
    private static let checksumFlag: UInt8 = 0x80
    private static let reservedFlags: UInt8 = 0x7C

    /// Those that hold something, one after the other.
    public private(set) var frames: [Frame] = []
    /// All frames, the skipped ones too, in their order: what stands in the table.
    private var entries: [Entry] = []
    /// Of all frames so far, in the sealed file.
    public private(set) var end = 0
    /// The last frame that is to be skipped: where the index stands, if there is one.
    public private(set) var lastSkipped: Range<Int>?

    private struct Entry: Equatable {
        let compressed: UInt32
        let decompressed: UInt32
        let checksum: UInt32
    }

    public init() {}

    /// The length of the plain file.
    public var contentBytes: Int { frames.last?.content.upperBound ?? 0 }

    /// The frame that holds a byte of the plain file; nil behind its end.
    public func frame(at offset: Int) -> Int? {
        guard offset >= 0, offset < contentBytes else { return nil }
        var (low, high) = (0, frames.count)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if frames[middle].content.lowerBound <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// - Parameters:
    ///   - compressed: the frame's length.
    ///   - decompressed: of what it holds; 0 for one that is skipped.
    public mutating func append(compressed: Int, decompressed: Int, checksum: UInt32?) {
        entries.append(
            Entry(
                compressed: UInt32(compressed), decompressed: UInt32(decompressed),
                checksum: checksum ?? 0))
        let start = contentBytes
        if decompressed > 0 {
            frames.append(
                Frame(
                    place: end..<(end + compressed), content: start..<(start + decompressed),
                    checksum: checksum))
        } else {
            lastSkipped = end..<(end + compressed)
        }
        end += compressed
    }

    // MARK: On the disk

    /// The frame that it is on the disk.
    public var bytes: [UInt8] {
        var content: [UInt8] = []
        for entry in entries {
            content.append(littleEndian: entry.compressed)
            content.append(littleEndian: entry.decompressed)
            content.append(littleEndian: entry.checksum)
        }
        content.append(littleEndian: UInt32(entries.count))
        content.append(Self.checksumFlag)
        content.append(littleEndian: Self.footerMagic)
        return SkippableFrame.bytes(magic: Self.magic, content)
    }

    /// The length of the table that ends with the footer.
    /// - Returns: nil where it is no footer, or the file too short for its table.
    public static func length(footer: Span<UInt8>, fileBytes: Int) -> Int? {
        guard footer.count == footerBytes,
            footer.littleEndian(at: 5, as: UInt32.self) == footerMagic,
            footer[4] & reservedFlags == 0
        else { return nil }
        let count = Int(footer.littleEndian(at: 0, as: UInt32.self))
        let length = SkippableFrame.headBytes + count * entryBytes(footer[4]) + footerBytes
        return length <= fileBytes ? length : nil
    }

    /// - Parameters:
    ///   - table: the end of the file, of the length that its footer tells.
    ///   - fileBytes: the length of the file.
    /// - Returns: nil where it does not fit the file, or tells what no frame can hold.
    public init?(_ table: Span<UInt8>, fileBytes: Int) {
        guard let content = SkippableFrame.content(of: table, magic: Self.magic),
            content.count >= Self.footerBytes
        else { return nil }
        let footer = content.upperBound - Self.footerBytes
        let flags = table[footer + 4]
        let size = Self.entryBytes(flags)
        guard (footer - content.lowerBound).isMultiple(of: size) else { return nil }
        for place in stride(from: content.lowerBound, to: footer, by: size) {
            let compressed = Int(table.littleEndian(at: place, as: UInt32.self))
            let decompressed = Int(table.littleEndian(at: place + 4, as: UInt32.self))
            guard Self.canHold(decompressed, in: compressed) else { return nil }
            append(
                compressed: compressed, decompressed: decompressed,
                checksum: flags & Self.checksumFlag == 0
                    ? nil : table.littleEndian(at: place + 8, as: UInt32.self))
        }
        guard end + table.count == fileBytes else { return nil }
    }

    private static func entryBytes(_ flags: UInt8) -> Int {
        flags & checksumFlag == 0 ? 8 : 12
    }

    /// A block of four bytes holds 128 KiB at most: what claims to be denser is made up.
    static func canHold(_ decompressed: Int, in compressed: Int) -> Bool {
        decompressed <= contentBytesMax && decompressed / (128 << 10) <= compressed / 4
            && (decompressed == 0 || compressed <= Zstd.frameBytesMax(holding: contentBytesMax))
    }
}
