internal import Retention
internal import TimeSeries

/// What retention takes away, or has taken away: the answer of `/retention`.
public struct RetentionReport: Codable, Equatable, Sendable {
    public struct Partition: Codable, Equatable, Sendable {
        public let file: String
        public let firstID: UInt64
        public let lastID: UInt64
        public let bytes: Int64
        /// Which limit was passed: `age`, `raw_bytes`, `folder_bytes` or `free_space`.
        public let reason: String

        private enum CodingKeys: String, CodingKey {
            case file, bytes, reason
            case firstID = "first_id"
            case lastID = "last_id"
        }
    }

    public private(set) var partitions: [Partition]
    /// Buckets of these intervals that start before these moments.
    public let floors: [String: String]
    /// What may not go though a limit is passed: `uncounted` or `newest_partition`.
    public let obstacle: String?
    /// Before anything was taken away.
    public let rawBytes: Int64
    public let folderBytes: Int64
    public let freeBytes: Int64

    private enum CodingKeys: String, CodingKey {
        case partitions, floors, obstacle
        case rawBytes = "raw_bytes"
        case folderBytes = "folder_bytes"
        case freeBytes = "free_bytes"
    }

    init(_ plan: RetentionPlan, _ contents: FolderContents) {
        partitions = plan.prunings.map { Partition($0) }
        floors = Dictionary(
            uniqueKeysWithValues: plan.floors.map { ($0.key.name, $0.value.description) })
        obstacle =
            switch plan.obstacle {
            case nil: nil
            case .uncounted: "uncounted"
            case .newest: "newest_partition"
            }
        rawBytes = contents.partitions.reduce(0) { $0 + $1.bytes }
        (folderBytes, freeBytes) = (contents.bytes, contents.freeBytes)
    }

    public var isEmpty: Bool { partitions.isEmpty && floors.isEmpty }

    /// Leaves out what could not be removed.
    mutating func keep(_ fileNames: Set<String>) {
        partitions.removeAll { !fileNames.contains($0.file) }
    }
}

extension RetentionReport.Partition {
    fileprivate init(_ pruning: RetentionPlan.Pruning) {
        let partition = pruning.partition
        self.init(
            file: partition.fileName, firstID: partition.firstID.value,
            lastID: (partition.lastID ?? partition.firstID).value, bytes: partition.bytes,
            reason: pruning.reason.rawValue)
    }
}
