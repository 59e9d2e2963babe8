internal import CZstd

/// Makes zstd frames (RFC 8878) that stand alone: each tells its size and ends with a checksum.
///
/// A class, since libzstd's state is large and is used again for the next frame.
@safe public final class ZstdCompressor {
    /// What libzstd calls levels; higher ones are denser and slower.
    public static let levels = 1...19

    private let context: OpaquePointer

    public init(level: Int) {
        precondition(Self.levels.contains(level), "BUG: no level of zstd")
        guard let context = unsafe ZSTD_createCCtx() else {
            preconditionFailure("BUG: no memory for a compressor")
        }
        unsafe self.context = context
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    deinit {
        unsafe ZSTD_freeCCtx(context)
    }

    public func frame(of bytes: Span<UInt8>) -> [UInt8] {
        let capacity = ZSTD_compressBound(bytes.count)
        return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            count = unsafe bytes.withUnsafeBytes { input in
                unsafe ZSTD_compress2(
                    context, output.baseAddress, output.count, input.baseAddress, input.count)
            }
            precondition(ZSTD_isError(count) == 0, "BUG: a frame did not fit its own bound")
        }
    }
}

/// Reads zstd frames. Nothing in them is trusted: not their sizes, and not that they are frames at all.
public enum Zstd {
    /// The longest that a frame can be which holds `count` bytes.
    public static func frameBytesMax(holding count: Int) -> Int {
        ZSTD_compressBound(count)
    }

    /// What frames hold.
    /// - Returns: nil where it is not exactly `count` bytes, or where a checksum is wrong.
    public static func bytes(of frames: Span<UInt8>, count: Int) -> [UInt8]? {
        var isWhole = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
            let result = unsafe frames.withUnsafeBytes { input in
                unsafe ZSTD_decompress(
                    output.baseAddress, count, input.baseAddress, input.count)
            }
            isWhole = ZSTD_isError(result) == 0 && result == count
            initialized = isWhole ? count : 0
        }
        return isWhole ? bytes : nil
    }

    /// How long the frame is that the bytes begin with, and how much it holds by its own word. 0 of a frame
    /// to be skipped, and of one that does not say.
    /// - Returns: nil where they begin with none, or with a part of one.
    static func measure(_ bytes: Span<UInt8>) -> (compressed: Int, decompressed: Int)? {
        unsafe bytes.withUnsafeBytes { input in
            let compressed = unsafe ZSTD_findFrameCompressedSize(input.baseAddress, input.count)
            guard ZSTD_isError(compressed) == 0, compressed > 0, compressed <= input.count else {
                return nil
            }
            let size = unsafe tidemark_zstd_content_size(input.baseAddress, input.count)
            return (compressed, Int(clamping: size))
        }
    }
}
