internal import Glibc
internal import Synchronization

/// Something could not be written or synced: what stands on the disk since is not known, whatever later syncs say,
/// since a kernel forgets what it could not write. A file beside the store keeps that in mind until the store is
/// looked through at a start.
///
///     derived.sqlite-suspect
final class StoreSuspicion: Sendable {
    private let path: String
    private enum State { case none, raised, kept }

    private let state = Mutex(State.none)

    /// - Parameter path: the store's.
    init(_ path: String) {
        self.path = Self.path(path)
    }

    static func path(_ store: String) -> String { store + "-suspect" }

    static func isRaised(_ store: String) -> Bool { unsafe access(path(store), F_OK) == 0 }

    func raise(_ error: StorageError) {
        guard error.code == .inputOutput else { return }
        state.withLock { if $0 == .none { $0 = .raised } }
        try? keep()
    }

    /// To be called before the WAL is moved: only then can what was lost of it do harm. The file itself may be what
    /// cannot be written.
    func keep() throws(StorageFault) {
        try state.withLock { state throws(StorageFault) in
            guard state == .raised else { return }
            try StoreFile.createDurably(path)
            state = .kept
        }
    }

    static func clear(_ store: String) throws(StorageFault) {
        try StoreFile.remove(only: path(store))
    }
}
