internal import CZlib

/// Inflates a gzip body (RFC 1952) step by step, so that a small body cannot become a large allocation.
///
/// A class, since zlib's state points into itself.
@safe final class GzipDecoder {
    enum Failure: Error {
        case damaged
        case truncated
    }

    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var consumed = 0
    private var isBetweenMembers = false

    init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let status = unsafe tidemark_inflate_init_gzip(stream)
        precondition(status == Z_OK, "BUG: zlib refused its own defaults")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Gives more input; the one before must be used up.
    func feed(_ bytes: [UInt8]) {
        precondition(consumed == input.count, "BUG: input given before the last was used up")
        input = bytes
        consumed = 0
    }

    /// Inflates up to `bytesMax` bytes. An empty answer asks for more input.
    func next(bytesMax: Int) throws(Failure) -> [UInt8] {
        var output: [UInt8] = []
        while output.isEmpty, consumed < input.count {
            if isBetweenMembers {
                unsafe inflateReset(stream)
                isBetweenMembers = false
            }
            let (status, bytes) = step(bytesMax)
            output = bytes
            switch status {
            case Z_OK, Z_BUF_ERROR: continue
            case Z_STREAM_END: isBetweenMembers = true
            default: throw .damaged
            }
        }
        return output
    }

    /// The input has ended: it must have ended with a whole member.
    func finish() throws(Failure) {
        guard isBetweenMembers else { throw .truncated }
    }

    private func step(_ bytesMax: Int) -> (status: Int32, bytes: [UInt8]) {
        var status = Z_OK
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: bytesMax) { output, count in
            unsafe input.withUnsafeMutableBufferPointer { source in
                unsafe stream.pointee.next_in = source.baseAddress?.advanced(by: consumed)
                unsafe stream.pointee.avail_in = UInt32(clamping: source.count - consumed)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = UInt32(clamping: bytesMax)
                unsafe status = inflate(stream, Z_NO_FLUSH)
                unsafe consumed = source.count - Int(stream.pointee.avail_in)
                unsafe count = bytesMax - Int(stream.pointee.avail_out)
            }
        }
        return (status, bytes)
    }
}
