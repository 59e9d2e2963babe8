internal import Glibc

/// The files of a database, and their folder.
enum StoreFile {
    /// Readable by nobody else, as the log is; SQLite gives the files beside it the same mode.
    static func create(_ path: String) throws(StorageFault) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageFault(errno: errno, path) }
        Glibc.close(descriptor)
        try syncFolder(of: path)
    }

    /// Its name lasts when this returns.
    static func createDurably(_ path: String) throws(StorageFault) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageFault(errno: errno, path) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageFault(errno: errno, path) }
        try syncFolder(of: path)
    }

    static func remove(only path: String) throws(StorageFault) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw StorageFault(errno: errno, path)
        }
        try syncFolder(of: path)
    }

    static func remove(_ path: String) throws(StorageFault) {
        // The database last: without it the others would be taken for those of the next one.
        for name in [path + "-shm", path + "-wal", path, StoreSuspicion.path(path)] {
            guard unsafe unlink(name) == 0 || errno == ENOENT else {
                throw StorageFault(errno: errno, name)
            }
        }
        try syncFolder(of: path)
    }

    /// Puts a file, all of which is on the disk, in the place of another one.
    static func rename(_ path: String, to target: String) throws(StorageFault) {
        guard unsafe Glibc.rename(path, target) == 0 else {
            throw StorageFault(errno: errno, target)
        }
        try syncFolder(of: target)
    }

    private static func syncFolder(of path: String) throws(StorageFault) {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let folder = end == path.startIndex ? (path.hasPrefix("/") ? "/" : ".") : path[..<end]
        let descriptor = unsafe open(String(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageFault(errno: errno, String(folder)) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageFault(errno: errno, String(folder)) }
    }
}

extension StorageFault {
    fileprivate init(errno number: Int32, _ path: String) {
        let code: StorageError.Code =
            switch number {
            case ENOSPC, EDQUOT: .noSpace
            case EROFS: .readOnly
            case EACCES, EPERM: .permissionDenied
            default: .inputOutput
            }
        self.init(code, "\(path): \(Self.words(for: number))")
    }

    private static func words(for number: Int32) -> String {
        guard let words = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: words)
    }
}
