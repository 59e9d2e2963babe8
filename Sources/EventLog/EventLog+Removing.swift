public import TimeSeries

/// A partition that nothing is written to any more.
public struct ClosedPartition: Sendable {
    public let partition: Partition
    /// The last id that it may hold.
    public let lastID: EventID
    /// When the next one was begun.
    public let endedAt: Timestamp
}

extension LogSnapshot {
    /// Oldest first. The newest partition is none of them: it has the log's name and its next id.
    public var closed: [ClosedPartition] {
        zip(partitions, partitions.dropFirst()).map { partition, next in
            ClosedPartition(
                partition: partition, lastID: next.name.idBefore, endedAt: next.name.start)
        }
    }
}

extension EventLog {
    /// Removes a closed partition for ever, and makes that last. Who is reading it reads it to its end.
    /// - Returns: false where it is just being sealed, or gone already: then nothing has changed.
    public func remove(_ partition: Partition) throws(LogError) -> Bool {
        precondition(
            snapshot().partitions.last?.name != partition.name,
            "BUG: the newest partition is never removed")
        let name = partition.name
        guard beginChanging(name) else { return false }
        defer { endChanging(name) }
        for fileName in [name.unfinishedFileName, name.sealedFileName, name.fileName] {
            try Folder.removeIfThere(folder + "/" + fileName)
        }
        try Folder.sync(folder)
        forget(name)
        return true
    }
}
