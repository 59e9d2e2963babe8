public import TimeSeries

/// Lines that become durable together: one write, one `fdatasync`.
public struct LineGroup: Sendable {
    public let bytes: [UInt8]
    public let firstID: EventID
    public let lastID: EventID

    public init(bytes: [UInt8], firstID: EventID, lastID: EventID) {
        self.bytes = bytes
        self.firstID = firstID
        self.lastID = lastID
    }
}

/// The one who writes the log. It blocks, and belongs to one thread.
public struct LogAppender: ~Copyable {
    private let log: EventLog
    private var file: File?
    private var partition: Partition?
    /// Readers may have it open.
    private var isPublished: Bool

    init(_ log: EventLog, continuing partition: Partition?) throws(LogError) {
        self.log = log
        self.partition = partition
        isPublished = partition != nil
        // A sealed one is not written to again: the next group begins another.
        if let partition, !partition.isSealed { file = try File(partition.path, .append) }
    }

    /// Returns when the group is on the disk and readers may see it.
    ///
    /// Throws when it is not: then nothing of it is part of the log, its ids are burned, and the next
    /// group goes to a new partition, for a descriptor that failed is never trusted again.
    /// - Returns: where in which partition its first line stands.
    @discardableResult
    public mutating func append(
        _ group: LineGroup, now: Timestamp
    ) throws(LogError) -> (partition: PartitionName, offset: Int) {
        try prepare(firstID: group.firstID, adding: group.bytes.count, now: now)
        guard let file, var partition else { preconditionFailure("BUG: no partition was begun") }
        do throws(LogError) {
            try file.append(group.bytes.span)
            try file.syncData()
        } catch {
            abandon(partition)
            throw error
        }
        partition.length += group.bytes.count
        self.partition = partition
        isPublished = true
        log.publish(partition, lastID: group.lastID)
        return (partition.name, partition.length - group.bytes.count)
    }

    /// Begins a partition where the next group needs one.
    public mutating func prepare(
        firstID: EventID, adding bytes: Int = 0, now: Timestamp
    ) throws(LogError) {
        if mustRoll(adding: bytes, now: now) { file = nil }
        if file == nil { try begin(firstID: firstID, now: now) }
    }

    private func mustRoll(adding bytes: Int, now: Timestamp) -> Bool {
        // One that holds nothing yet takes whatever comes: another would have the same first id.
        guard let partition, log.lastID >= partition.name.firstID else { return false }
        let age = now.milliseconds - partition.name.start.milliseconds
        return age >= log.limits.partitionAgeMillisecondsMax
            || partition.length + bytes > log.limits.partitionBytesMax
    }

    private mutating func begin(firstID: EventID, now: Timestamp) throws(LogError) {
        // Never before the one before it, even if the clock went back.
        let start = max(now, partition?.name.start ?? now)
        let fresh = try log.createPartition(PartitionName(start: start, firstID: firstID))
        partition = fresh.partition
        file = fresh.file
        isPublished = log.publishIfFirst(fresh.partition)
    }

    /// What the disk kept of a failed group must not be read as part of the log. If even the cut fails,
    /// the next partition's `after_id` says so.
    private mutating func abandon(_ partition: Partition) {
        file = nil
        if !isPublished {
            try? Folder.remove(partition.path)
        } else if let file = try? File(partition.path, .append) {
            try? file.truncate(to: partition.length)
        }
    }
}
