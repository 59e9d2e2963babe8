public import TimeSeries

/// A partition of the log as retention sees it.
public struct KeptPartition: Equatable, Sendable {
    public let fileName: String
    public let firstID: EventID
    /// Nil for the newest: lines are still added.
    public let lastID: EventID?
    /// When it got its last line, or the next one its first.
    public let endedAt: Timestamp?
    /// On disk.
    public let bytes: Int64

    public init(
        fileName: String, firstID: EventID, lastID: EventID?, endedAt: Timestamp?, bytes: Int64
    ) {
        self.fileName = fileName
        self.firstID = firstID
        self.lastID = lastID
        self.endedAt = endedAt
        self.bytes = bytes
    }
}

/// A data folder at one moment.
public struct FolderContents: Equatable, Sendable {
    /// Oldest first.
    public var partitions: [KeptPartition]
    /// Of everything in the folder, the partitions too.
    public var bytes: Int64
    /// Of the disk that it is on.
    public var freeBytes: Int64
    /// Up to here lines are counted, durably.
    public var countedThrough: EventID
    public var floors: [Interval: Timestamp]

    public init(
        partitions: [KeptPartition], bytes: Int64, freeBytes: Int64, countedThrough: EventID,
        floors: [Interval: Timestamp] = [:]
    ) {
        self.partitions = partitions
        self.bytes = bytes
        self.freeBytes = freeBytes
        self.countedThrough = countedThrough
        self.floors = floors
    }
}
