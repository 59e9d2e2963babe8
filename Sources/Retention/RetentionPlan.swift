public import TimeSeries

/// What a policy takes away from a data folder now.
///
/// A function of the folder's contents and the time: carried out in part, or not at all, the next plan begins
/// where this one ended.
public struct RetentionPlan: Equatable, Sendable {
    public enum Reason: String, CaseIterable, Sendable {
        case age
        case rawBytes = "raw_bytes"
        case folderBytes = "folder_bytes"
        case freeSpace = "free_space"
    }

    public struct Pruning: Equatable, Sendable {
        public let partition: KeptPartition
        public let reason: Reason
    }

    /// What may not go, though a limit is passed.
    public enum Obstacle: Equatable, Sendable {
        /// Lines that are not yet counted.
        case uncounted
        /// The newest partition stays, whatever it holds.
        case newest(Reason)
    }

    /// Oldest first.
    public private(set) var prunings: [Pruning] = []
    /// New floors, each above the old one. Buckets that start before them go.
    public private(set) var floors: [Interval: Timestamp] = [:]
    public private(set) var obstacle: Obstacle?

    public var isEmpty: Bool { prunings.isEmpty && floors.isEmpty }
    public var prunedBytes: Int64 { prunings.reduce(0) { $0 + $1.partition.bytes } }

    public init(_ policy: RetentionPolicy, _ folder: FolderContents, now: Timestamp) {
        prune(policy, folder, now)
        for interval in Interval.allCases {
            guard let age = policy.rollupMilliseconds[interval] else { continue }
            // Whole hours, so that a floor moves once an hour and not with each look.
            let floor = Interval.oneHour.bucketStart(of: now.advanced(byMilliseconds: -age))
            if folder.floors[interval].map({ $0 < floor }) ?? true { floors[interval] = floor }
        }
    }

    private mutating func prune(
        _ policy: RetentionPolicy, _ folder: FolderContents, _ now: Timestamp
    ) {
        var space = Space(policy, folder)
        for partition in folder.partitions {
            guard let reason = space.reason(to: partition, now) else { return }
            guard let lastID = partition.lastID else { return obstacle = .newest(reason) }
            guard lastID <= folder.countedThrough else { return obstacle = .uncounted }
            prunings.append(Pruning(partition: partition, reason: reason))
            space.free(partition.bytes)
        }
    }
}

/// How much there is while partitions go.
private struct Space {
    private let policy: RetentionPolicy
    private var rawBytes: Int64
    private var folderBytes: Int64
    private var freeBytes: Int64

    init(_ policy: RetentionPolicy, _ folder: FolderContents) {
        self.policy = policy
        rawBytes = folder.partitions.reduce(0) { $0 + $1.bytes }
        folderBytes = folder.bytes
        freeBytes = folder.freeBytes
    }

    func reason(to partition: KeptPartition, _ now: Timestamp) -> RetentionPlan.Reason? {
        let age = partition.endedAt.map { now.milliseconds - $0.milliseconds } ?? 0
        if let max = policy.raw.millisecondsMax, age > max { return .age }
        if let max = policy.raw.bytesMax, rawBytes > max { return .rawBytes }
        if let max = policy.folderBytesMax, folderBytes > max { return .folderBytes }
        let disk = policy.disk
        let isEarly = freeBytes < disk.freeBytesMin && age > disk.earlyMillisecondsMin
        return isEarly ? .freeSpace : nil
    }

    mutating func free(_ bytes: Int64) {
        rawBytes -= bytes
        folderBytes -= bytes
        freeBytes += bytes
    }
}
