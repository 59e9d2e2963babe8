internal import EventLog
internal import Foundation
internal import Storage

/// A temporary folder, gone with the value that holds it.
///
/// What a process left behind that was killed, the next one removes: nobody holds its lock any more.
final class ScratchFolder: Sendable {
    let path: String
    private let lock: FolderLock

    private static let prefix = "tidemark-recount-"

    init() throws {
        let parent = FileManager.default.temporaryDirectory.path
        Self.removeAbandoned(in: parent)
        let name = Self.prefix + UUID().uuidString
        path = parent + "/" + name
        // Nobody takes it for abandoned in the moment before it is locked.
        let unlocked = parent + "/." + name
        lock = try FolderLock(folder: unlocked)
        try FileManager.default.moveItem(atPath: unlocked, toPath: path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func removeAbandoned(in parent: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let path = parent + "/" + name
            guard let lock = try? FolderLock(folder: path) else { continue }
            try? FileManager.default.removeItem(atPath: path)
            withExtendedLifetime(lock) {}
        }
    }
}

/// A store in a folder of its own.
final class ScratchStore: Sendable {
    let store: DerivedStore
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        store = try DerivedStore(path: folder.path + "/" + DerivedStore.fileName)
    }

    /// - Parameter reader: of the store that this one is to be like.
    init(copyOf reader: DerivedReader) async throws {
        folder = try ScratchFolder()
        let path = folder.path + "/" + DerivedStore.fileName
        try await reader.copy(to: path)
        store = try DerivedStore(path: path)
    }

    deinit {
        try? store.close()
    }
}
