internal import Foundation

/// Bytes on their way out through a file descriptor, with the system's own word for what goes wrong.
struct OutputBytes {
    private let descriptor: Int32
    private let name: String

    static let standard = OutputBytes(STDOUT_FILENO, name: "standard output")

    init(_ descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    func write(_ bytes: some Sequence<UInt8>) throws(CommandFailure) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Foundation.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                let number = errno
                if number == EPIPE { Self.endAsOthersDo() }
                throw Self.failure(name, number)
            }
        }
    }

    /// Makes what was written last, and ends it.
    func syncAndClose() throws(CommandFailure) {
        defer { Foundation.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.failure(name, errno) }
    }

    static func failure(_ name: String, _ number: Int32) -> CommandFailure {
        let words = unsafe strerror(number).map { unsafe String(cString: $0) }
        return CommandFailure(
            message: "cannot write to \(name): \(words ?? "error \(number)")")
    }

    /// Where the reader of a pipe has left, there is nobody to be told: NIO has made the signal unheard
    /// that says so.
    private static func endAsOthersDo() {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
    }
}
