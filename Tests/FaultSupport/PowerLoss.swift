/// Makes the states that a folder can be in after the power failed during a recorded run.
///
/// ## The model
///
/// A *file* is blocks of 4 KiB and a size. A completed `fdatasync` or `fsync` of it makes all that
/// was recorded before it *began* durable: bytes and size. Of what came later survives, by lot:
/// - of each block, any of its versions since, whatever became of the other blocks; or two
///   successive versions mixed by sectors of 512 bytes (torn);
/// - of the size, any of its versions since; a file that was growing may stop at any page. Where
///   the size survived and the block did not, the old bytes or zeros stand there.
///
/// A *failed* sync makes what it should have covered uncertain for ever. A later sync that succeeds
/// covers of it only the blocks that were written again in between.
///
/// *Names* (create, rename, link, unlink, mkdir, rmdir) belong to their folders. A completed sync
/// of the folder makes them durable, and a sync of a file does nothing for its name: a file that
/// was synced in a folder that was not may be missing. Of later changes a prefix per folder
/// survives; with `.adversarial` any subset. A rename is one change: it is never half done.
///
/// ## Why it is the right one
///
/// - Linux writes dirty pages back when it likes, in any order; a sync waits for those of one file.
///   Page and file system block are 4 KiB. A disk promises sectors of 512 bytes and no more.
/// - POSIX lets `fdatasync` leave out only metadata that is not needed to read the data. The size
///   is needed, so it is covered (ext4 and XFS commit the inode when the size changed); the times
///   are not. A file that only grows by appends therefore needs `fdatasync` alone.
/// - Neither call is promised to reach the folder's entry; fsync(2) says so in as many words. ext4
///   and XFS most often do it all the same, for a new file, as the create sits in the transaction
///   that they commit: not to be relied on, so here it does not happen.
/// - Both journal metadata and replay it in order, so that a later change of a folder does not
///   survive an earlier one, and a rename replaces its target or does not. The real order is one
///   for the whole file system; one per folder permits more states, never fewer.
///   `.adversarial` stands for file systems with no such order.
/// - With delayed allocation (ext4 `data=ordered`, XFS) the size on the disk grows after the data
///   is written, which excludes most zeros at an end; `data=writeback` and holes do not, and files
///   full of zeros after a crash have been met on each of them. The heuristic of ext4 that flushes
///   a file upon replace-by-rename (`auto_da_alloc`) is left out: it is an option of one system.
/// - After a failed write-back Linux marks the pages clean and reports the error once: the next
///   `fsync` returns 0 with the data not on the disk. Hence the rule about failed syncs. After a
///   failed sync of a folder nothing new is durable, and a later one that succeeds covers it all.
/// - A disk that ignores flushes is not modelled; `Fault.ignoreSyncs` is, and proves that a test
///   would notice a sync that is missing.
public struct PowerLoss: Sendable {
    public enum Mode: Sendable, Equatable {
        /// All of it: the process alone was killed, and the kernel lives on.
        case keepEverything
        /// The least that can be there.
        case dropEverythingUnsynced
        /// What a journalled file system may leave.
        case random(seed: UInt64)
        /// What any file system may leave.
        case adversarial(seed: UInt64)
    }

    public let journal: FaultJournal
    public let initial: FolderImage

    /// `initial` is what was in the folder, and durable, when the journal began.
    public init(journal: FaultJournal, initial: FolderImage = FolderImage()) {
        self.journal = journal
        self.initial = initial
    }

    /// The state when the power fails after the first `operationCount` operations (nil: all).
    public func image(
        after operationCount: Int? = nil, mode: Mode
    ) throws(PowerLossError) -> FolderImage {
        var disk = try Disk(initial: initial)
        for operation in journal.operations.prefix(operationCount ?? .max) {
            try disk.apply(operation)
        }
        var fate = Fate(mode: mode)
        return disk.afterPowerLoss(&fate)
    }

    /// Writes that state into a new folder.
    public func materialise(
        after operationCount: Int? = nil, mode: Mode, into folder: String
    ) throws {
        try image(after: operationCount, mode: mode).write(to: folder)
    }
}
