/// Finds the frames of a sealed file whose seek table is lost, one after the other from its beginning.
public struct FrameScan {
    /// The frames so far.
    public private(set) var table = SeekTable()

    public init() {}

    /// So many bytes of the file are enough for any frame of ours.
    public static var windowBytes: Int { Zstd.frameBytesMax(holding: SeekTable.contentBytesMax) }

    /// Takes whole frames as long as there are any.
    /// - Parameter window: the file from `table.end` on.
    public mutating func take(all window: Span<UInt8>) {
        let start = table.end
        while take(window.extracting((table.end - start)..<window.count)) {}
    }

    /// - Returns: false where no frame begins with the bytes.
    private mutating func take(_ window: Span<UInt8>) -> Bool {
        guard let size = Zstd.measure(window) else { return false }
        let frame = window.extracting(0..<size.compressed)
        let isSkipped = frame.littleEndian(at: 0, as: UInt32.self) & 0xFFFF_FFF0 == 0x184D_2A50
        guard isSkipped || size.decompressed > 0,
            SeekTable.canHold(size.decompressed, in: size.compressed)
        else { return false }
        // It is what was lost, though its own shape is whole.
        guard SkippableFrame.content(of: frame, magic: SeekTable.magic) == nil else { return false }
        table.append(
            compressed: size.compressed, decompressed: isSkipped ? 0 : size.decompressed,
            checksum: nil)
        return true
    }
}
