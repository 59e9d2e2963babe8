#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where lines go: a file, or standard output. Writes large pieces, and whole ones.
struct OutputFile: ~Copyable {
    static let chunkBytes = 1 << 20

    private let descriptor: CInt
    private let isOwned: Bool

    /// - Parameter path: nil for standard output.
    init(path: String?) throws(SystemError) {
        guard let path else {
            descriptor = STDOUT_FILENO
            isOwned = false
            return
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        isOwned = true
        guard descriptor >= 0 else { throw SystemError("open \(path)", errno) }
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// Writes everything, and empties the writer.
    mutating func drain(_ lines: inout ByteWriter) throws(SystemError) {
        var rest = lines.bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { throw SystemError("write", errno) }
            rest = rest.dropFirst(max(count, 0))
        }
        lines.clear()
    }
}
