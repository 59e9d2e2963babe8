/// A file or folder, through all its names. After an unlink a new file may get the same identity.
public struct FileIdentity: Sendable, Hashable {
    public let device: UInt64
    public let inode: UInt64
}

/// One operation that the process did, as the journal has it.
public struct FaultOperation: Sendable, Equatable {
    public enum Action: Sendable, Equatable {
        case create
        case makeDirectory
        case write(offset: Int, bytes: [UInt8])
        /// Also for a file that grows without a write.
        case truncate(size: Int)
        /// `fdatasync` or `fsync` of a file or folder. It covers what had a lower position than
        /// `covers`, not what was recorded between its begin and its end. `size` is what the
        /// kernel said when it began; for a folder it means nothing.
        case sync(Sync, covers: UInt64, size: Int)
        /// Nothing is known of what it should have covered, now or after a later sync.
        case failedSync(Sync, covers: UInt64, ErrorNumber)
        /// `path` is the old name.
        case rename(to: String)
        /// `path` is the name that was there before.
        case link(to: String)
        case unlink
        case removeDirectory
    }

    public enum Sync: Sendable {
        case data, full
    }

    /// The place of the record in the journal: rises from operation to operation.
    public let position: UInt64
    public let process: Int32
    public let file: FileIdentity
    /// Relative to the root; "" is the root.
    public let path: String
    public let action: Action
}
