internal import EventLine
internal import Foundation

/// Files and folders as backups need them: readable by their owner alone, and on the disk when told so.
enum BackupFiles {
    /// Of a data folder, and of a backup.
    static let logFolder = "log"
    static let chunkBytes = 1 << 20

    /// Nil where there is no such folder.
    static func names(_ folder: String) -> [String]? {
        try? FileManager.default.contentsOfDirectory(atPath: folder)
    }

    static func createFolder(_ path: String) throws(BackupFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .system("create the folder", path)
        }
        try syncFolder(parent(of: path))
    }

    static func parent(of path: String) -> String {
        let parent = (path as NSString).deletingLastPathComponent
        return parent.isEmpty ? "." : parent
    }

    static func syncFolder(_ path: String) throws(BackupFailure) {
        try sync(path, O_RDONLY | O_DIRECTORY)
    }

    static func syncFile(_ path: String) throws(BackupFailure) { try sync(path, O_RDONLY) }

    private static func sync(_ path: String, _ flags: Int32) throws(BackupFailure) {
        let descriptor = unsafe open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("sync", path) }
    }

    /// An empty folder in the way is replaced; anything else in the way is an error.
    static func rename(_ path: String, to target: String) throws(BackupFailure) {
        guard unsafe Foundation.rename(path, target) == 0 else { throw .system("rename", path) }
        try syncFolder(parent(of: target))
    }

    static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// A file to be copied from.
struct CopySource: ~Copyable {
    let path: String
    private let handle: FileHandle

    /// - Returns: nil where there is no such file any more.
    init?(_ path: String) throws(BackupFailure) {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            guard errno == ENOENT || !FileManager.default.fileExists(atPath: path) else {
                throw .system("open", path)
            }
            return nil
        }
        self.path = path
        self.handle = handle
    }

    /// Its length at this moment.
    func bytes() throws(BackupFailure) -> Int {
        do {
            return Int(try handle.seekToEnd())
        } catch {
            throw .system("measure", path)
        }
    }

    /// How many bytes of the first ones are whole lines.
    func bytesOfWholeLines(upTo bytes: Int) throws(BackupFailure) -> Int {
        var end = bytes
        while end > 0 {
            let start = max(0, end - BackupFiles.chunkBytes)
            let chunk = try read(start..<end)
            if let place = chunk.lastIndex(of: 0x0A) { return start + place + 1 }
            end = start
        }
        return 0
    }

    /// Copies the first bytes.
    /// - Returns: their hash.
    func copy(
        bytes: Int, to target: borrowing CopyTarget, _ progress: (Int) -> Void
    ) throws(BackupFailure) -> String {
        var hash = ContentHash()
        var position = 0
        while position < bytes {
            let chunk = try chunk(at: position, before: bytes)
            hash.update(chunk.span)
            try target.write(chunk)
            position += chunk.count
            progress(chunk.count)
        }
        return hash.hex
    }

    /// The hash of the first bytes.
    func hash(bytes: Int, _ progress: (Int) -> Void) throws(BackupFailure) -> String {
        var hash = ContentHash()
        var position = 0
        while position < bytes {
            let chunk = try chunk(at: position, before: bytes)
            hash.update(chunk.span)
            position += chunk.count
            progress(chunk.count)
        }
        return hash.hex
    }

    private func chunk(at position: Int, before end: Int) throws(BackupFailure) -> [UInt8] {
        let chunk = try read(position..<min(end, position + BackupFiles.chunkBytes))
        guard !chunk.isEmpty else {
            throw BackupFailure(
                "\(path) has become shorter", hint: "look at the disk, then try again")
        }
        return chunk
    }

    private func read(_ range: Range<Int>) throws(BackupFailure) -> [UInt8] {
        do {
            try handle.seek(toOffset: UInt64(range.lowerBound))
            return Array(try handle.read(upToCount: range.count) ?? Data())
        } catch {
            throw .system("read", path)
        }
    }
}

/// A new file, readable by its owner alone.
struct CopyTarget: ~Copyable {
    private let path: String
    private let handle: FileHandle

    init(_ path: String) throws(BackupFailure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("create", path) }
        self.path = path
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    func write(_ bytes: [UInt8]) throws(BackupFailure) {
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            throw .system("write", path)
        }
    }

    /// All of it is on the disk.
    func close() throws(BackupFailure) {
        do {
            try handle.synchronize()
            try handle.close()
        } catch {
            throw .system("sync", path)
        }
    }
}
