internal import EventLog
internal import NIOPosix
internal import Retention
internal import Storage
internal import TimeSeries

extension FolderContents {
    /// - Parameter reader: of the folder's store; nil where it has none.
    static func read(
        _ folder: String, _ log: LogSnapshot, _ reader: DerivedReader?, _ threads: NIOThreadPool
    ) async throws -> FolderContents {
        let counted = try await reader?.snapshot {
            (lastID: try $0.checkpoint?.lastID, floors: try $0.floors)
        }
        return try await threads.runIfActive {
            FolderContents(
                partitions: KeptPartition.all(of: log, in: folder),
                bytes: FileSizes.bytes(in: folder),
                freeBytes: try FileSizes.freeBytes(at: folder),
                countedThrough: counted?.lastID ?? .none, floors: counted?.floors ?? [:])
        }
    }
}

extension KeptPartition {
    /// Oldest first.
    fileprivate static func all(of log: LogSnapshot, in folder: String) -> [KeptPartition] {
        let closed = log.closed.map {
            KeptPartition($0.partition, lastID: $0.lastID, endedAt: $0.endedAt, in: folder)
        }
        let newest = log.partitions.suffix(1).map {
            KeptPartition($0, lastID: nil, endedAt: nil, in: folder)
        }
        return closed + newest
    }

    /// - Parameter folder: the data folder. While a partition is sealed, it holds both of its files.
    private init(
        _ partition: Partition, lastID: EventID?, endedAt: Timestamp?, in folder: String
    ) {
        let files = [partition.name.fileName, partition.name.sealedFileName]
        self.init(
            fileName: partition.fileName, firstID: partition.name.firstID, lastID: lastID,
            endedAt: endedAt,
            bytes: files.reduce(0) { $0 + (FileSizes.bytes(of: folder + "/log/" + $1) ?? 0) })
    }
}
