/// A frame of the zstd format that decompressors pass over: what a file says of itself.
///
///     │ magic 4 │ size 4 │ content │
enum SkippableFrame {
    static let headBytes = 8

    static func bytes(magic: UInt32, _ content: [UInt8]) -> [UInt8] {
        var frame: [UInt8] = []
        frame.append(littleEndian: magic)
        frame.append(littleEndian: UInt32(content.count))
        return frame + content
    }

    /// Where the content stands.
    /// - Returns: nil where the bytes are not exactly one such frame.
    static func content(of frame: Span<UInt8>, magic: UInt32) -> Range<Int>? {
        guard frame.count >= headBytes, frame.littleEndian(at: 0, as: UInt32.self) == magic,
            Int(frame.littleEndian(at: 4, as: UInt32.self)) == frame.count - headBytes
        else { return nil }
        return headBytes..<frame.count
    }
}
