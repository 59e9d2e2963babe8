internal import Foundation
internal import Storage

/// A data folder's store, and the one that is to take its place.
///
///     derived.sqlite        in use, until
///     derived.sqlite.new    is whole, on the disk, and renamed
struct StoreFiles {
    let path: String
    private let folder: String

    init(folder: String) {
        self.folder = folder
        path = folder + "/" + DerivedStore.fileName
    }

    var freshPath: String { path + ".new" }

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// What a rebuild left behind that was cut short.
    func removeFresh() throws {
        try DerivedStore.remove(at: freshPath)
    }

    /// - Parameter store: not in use by anybody.
    func copyToFresh() throws {
        try FileManager.default.copyItem(atPath: path, toPath: freshPath)
    }

    /// Whenever the power fails, one whole store is found under the name. Of both stores all that was
    /// committed stands in the one file.
    func swap() throws {
        try Self.sync(freshPath, O_RDONLY)
        // Frames of the old store's would be taken for the new one's.
        try removeSideFiles(of: path)
        guard unsafe rename(freshPath, path) == 0 else { throw Self.failure("rename", freshPath) }
        try removeSideFiles(of: freshPath)
    }

    private func removeSideFiles(of path: String) throws {
        for name in [path + "-wal", path + "-shm"] {
            guard unsafe unlink(name) == 0 || errno == ENOENT else {
                throw Self.failure("remove", name)
            }
        }
        try Self.sync(folder, O_RDONLY | O_DIRECTORY)
    }

    private static func sync(_ path: String, _ flags: Int32) throws {
        let descriptor = unsafe open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    private static func failure(_ operation: String, _ path: String) -> RecountRefusal {
        let words = POSIXErrorCode(rawValue: errno).map { POSIXError($0).localizedDescription }
        return RecountRefusal(.failed, "cannot \(operation) \(path): \(words ?? "error \(errno)")")
    }
}
