internal import Glibc

/// A file descriptor that is closed when nobody holds it any more.
///
/// All system calls of the log are here, each as thin as it can be: interrupted calls are repeated,
/// short writes are completed, every other failure is thrown with its operation and path.
final class File: Sendable {
    let path: String
    private let descriptor: Int32

    enum Mode {
        case read
        /// For appending: the file must exist.
        case append
        /// For appending: the file must not exist.
        case create
        /// For writing over what is there: the file must exist.
        case repair

        var flags: Int32 {
            switch self {
            case .read: O_RDONLY | O_CLOEXEC
            case .append: O_RDWR | O_APPEND | O_CLOEXEC
            case .create: O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC
            case .repair: O_RDWR | O_CLOEXEC
            }
        }
    }

    init(_ path: String, _ mode: Mode) throws(LogError) {
        let result = retrying { unsafe Glibc.open(path, mode.flags, 0o600) }
        guard result >= 0 else {
            throw LogError(errno: errno, mode == .read ? "open" : "create", path)
        }
        self.path = path
        descriptor = result
    }

    deinit {
        Glibc.close(descriptor)
    }

    func size() throws(LogError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw LogError(errno: errno, "measure", path)
        }
        return Int(status.st_size)
    }

    /// Writes all bytes at the end of the file, or throws; a part may then have been written.
    func append(_ bytes: Span<UInt8>) throws(LogError) {
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { raw in
                retrying {
                    unsafe Glibc.write(
                        descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
                }
            }
            guard result > 0 else { throw LogError(errno: errno, "write", path) }
            written += result
        }
    }

    /// Writes all bytes at a place in a file that was opened for repair.
    func write(_ bytes: Span<UInt8>, at offset: Int) throws(LogError) {
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { raw in
                retrying {
                    unsafe pwrite(
                        descriptor, raw.baseAddress?.advanced(by: written), raw.count - written,
                        offset + written)
                }
            }
            guard result > 0 else { throw LogError(errno: errno, "write", path) }
            written += result
        }
    }

    /// Waits until the content (and the size, which content needs) is on the disk.
    func syncData() throws(LogError) {
        guard retrying({ fdatasync(descriptor) }) == 0 else {
            throw LogError(errno: errno, "sync", path)
        }
    }

    func truncate(to size: Int) throws(LogError) {
        guard retrying({ ftruncate(descriptor, size) }) == 0 else {
            throw LogError(errno: errno, "cut", path)
        }
    }

    /// Reads up to `count` bytes from a place in the file; fewer only at its end.
    func read(at offset: Int, count: Int, into buffer: inout [UInt8]) throws(LogError) {
        var failure: LogError?
        buffer = unsafe [UInt8](unsafeUninitializedCapacity: count) { raw, initialized in
            while initialized < count {
                let result = retrying {
                    unsafe pread(
                        descriptor, raw.baseAddress?.advanced(by: initialized), count - initialized,
                        offset + initialized)
                }
                if result < 0 { failure = LogError(errno: errno, "read", path) }
                guard result > 0 else { return }
                initialized += result
            }
        }
        if let failure { throw failure }
    }
}

/// Repeats a system call that a signal interrupted.
private func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}

/// Folders, by path.
enum Folder {
    /// Creates the folder for its owner alone, with the folders above it where they are missing, and makes
    /// their names last: a file that is synced in a folder that is not would be lost with it.
    static func create(_ path: String) throws(LogError) {
        guard !has(path) else { return }
        let parent = Self.parent(of: path)
        try create(parent)
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw LogError(errno: errno, "create the folder", path)
        }
        try sync(parent)
    }

    private static func parent(of path: String) -> String {
        var parts = path.split(separator: "/")
        _ = parts.popLast()
        let parent = (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
        return parent.isEmpty ? "." : parent
    }

    /// Makes creations, renames and removals within the folder last.
    static func sync(_ path: String) throws(LogError) {
        let descriptor = retrying { unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw LogError(errno: errno, "open the folder", path) }
        defer { Glibc.close(descriptor) }
        guard retrying({ fsync(descriptor) }) == 0 else {
            throw LogError(errno: errno, "sync the folder", path)
        }
    }

    /// The names in the folder, in no order.
    static func names(_ path: String) throws(LogError) -> [String] {
        guard let stream = unsafe opendir(path) else {
            throw LogError(errno: errno, "list the folder", path)
        }
        defer { unsafe _ = closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    static func remove(_ path: String) throws(LogError) {
        guard unsafe unlink(path) == 0 else { throw LogError(errno: errno, "remove", path) }
    }

    static func has(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    static func removeIfThere(_ path: String) throws(LogError) {
        do throws(LogError) {
            try remove(path)
        } catch {
            guard error.code == .missing else { throw error }
        }
    }

    /// What has the new name already is replaced.
    static func rename(_ path: String, to newPath: String) throws(LogError) {
        guard unsafe Glibc.rename(path, newPath) == 0 else {
            throw LogError(errno: errno, "rename", path)
        }
    }
}
