internal import Glibc
internal import Synchronization

/// Something could not be written or synced: what stands on the disk since is not known, whatever later syncs say,
/// since a kernel forgets what it could not write. A file beside the store keeps that in mind until the store is
/// looked through at a start.
///
///     derived.sqlite-suspect
final class StoreSuspicion: Sendable {
    private let path: String
    private let isKept = Mutex(false)

    /// - Parameter path: the store's.
    init(_ path: String) {
        self.path = Self.path(path)
    }

    static func path(_ store: String) -> String { store + "-suspect" }

    static func isRaised(_ store: String) -> Bool { unsafe access(path(store), F_OK) == 0 }

    /// To be called with each failure: the file itself may be what cannot be kept.
    func raise(_ error: StorageError) {
        guard error.code == .inputOutput else { return }
        isKept.withLock { isKept in
            guard !isKept else { return }
            isKept = (try? StoreFile.createDurably(path)) != nil
        }
    }

    static func clear(_ store: String) throws(StorageFault) {
        try StoreFile.remove(only: path(store))
    }
}
