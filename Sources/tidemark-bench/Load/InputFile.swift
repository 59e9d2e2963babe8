#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file of lines, mapped: a request is then one copy away from the page cache, and the process
/// holds nothing of the file.
///
/// Unchecked, since a pointer is not Sendable by itself: the mapping is read-only, is made
/// before anyone else can see it, and goes with its last owner.
final class InputFile: @unchecked Sendable {
    let path: String
    let bytes: UnsafeRawBufferPointer

    init(path: String) throws(SystemError) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open \(path)", errno) }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 0 else { throw SystemError("read \(path)", size < 0 ? errno : ENODATA) }
        let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address, address != MAP_FAILED else { throw SystemError("map \(path)", errno) }
        bytes = UnsafeRawBufferPointer(start: address, count: size)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }

    /// Where `lines` lines from `start` on end, and how many there are if fewer.
    func end(ofLines lines: Int, from start: Int) -> (end: Int, lines: Int) {
        var end = start
        var found = 0
        while found < lines, end < bytes.count {
            end = endOfLine(from: end)
            found += 1
        }
        return (end, found)
    }

    private func endOfLine(from start: Int) -> Int {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        guard let base = rest.baseAddress, let newline = memchr(base, 0x0A, rest.count)
        else { return bytes.count }
        return start + base.distance(to: UnsafeRawPointer(newline)) + 1
    }
}
