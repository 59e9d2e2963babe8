internal import CZlib

/// CRC-32 as zlib and gzip have it (ISO 3309).
public enum BlockChecksum {
    public static func of(_ bytes: Span<UInt8>) -> UInt32 { adding(bytes, to: 0) }

    static func adding(_ bytes: Span<UInt8>, to checksum: UInt32) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            // The pointer is used within the call alone.
            unsafe UInt32(
                truncatingIfNeeded: crc32_z(
                    UInt(checksum), bytes.baseAddress, bytes.count))
        }
    }
}
