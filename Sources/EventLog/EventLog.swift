internal import Synchronization
public import TimeSeries

/// The truth: an append-only log of NDJSON lines in partition files.
///
///     data/log/20261122T140000Z-00000000000000104201.ndjson
///
/// One `LogAppender` writes; any number of readers take snapshots.
public final class EventLog: Sendable {
    public struct Limits: Sendable {
        public var partitionBytesMax = 256 << 20
        public var partitionAgeMillisecondsMax: Int64 = 3_600_000
        /// Decompressed frames of sealed partitions that are kept in memory.
        public var frameCacheBytesMax = 32 << 20

        public init() {}
    }

    struct State {
        var partitions: [Partition]
        var lastID: EventID
        var hasAppender = false
        /// Partitions whose files are being replaced or removed.
        var changing: Set<PartitionName> = []
    }

    public let logID: String
    let limits: Limits
    let folder: String
    private let frames: FrameCache
    private let state: Mutex<State>

    init(logID: String, limits: Limits, folder: String, frames: FrameCache, state: State) {
        self.logID = logID
        self.limits = limits
        self.folder = folder
        self.frames = frames
        self.state = Mutex(state)
    }

    /// The newest durable id.
    public var lastID: EventID { state.withLock { $0.lastID } }

    /// Frames of sealed partitions that were decompressed since the log was opened.
    public var framesRead: Int { frames.framesRead }

    public func snapshot() -> LogSnapshot {
        LogSnapshot(partitions: state.withLock { $0.partitions })
    }

    /// The one writer of this log.
    public func makeAppender() throws(LogError) -> LogAppender {
        let newest = state.withLock { state in
            precondition(!state.hasAppender, "BUG: a log has one writer")
            state.hasAppender = true
            return state.partitions.last
        }
        return try LogAppender(self, continuing: newest)
    }

    /// Creates a partition with its header, and makes both last.
    func createPartition(
        _ name: PartitionName
    ) throws(LogError) -> (partition: Partition, file: File) {
        let path = folder + "/" + name.fileName
        let header = LogHeader(logID: logID, afterID: lastID).line
        let file = try File(path, .create)
        do throws(LogError) {
            try file.append(header.span)
            try file.syncData()
            try Folder.sync(folder)
        } catch {
            try? Folder.remove(path)
            throw error
        }
        return (Partition(plain: name, in: folder, length: header.count, frames), file)
    }

    /// The first partition has the log's name, so it stays, whatever becomes of its lines.
    func publishIfFirst(_ partition: Partition) -> Bool {
        state.withLock { state in
            guard state.partitions.isEmpty else { return false }
            state.partitions = [partition]
            return true
        }
    }

    /// Lets readers see what has become durable.
    func publish(_ partition: Partition, lastID: EventID) {
        state.withLock { state in
            if state.partitions.last?.name == partition.name {
                state.partitions[state.partitions.count - 1] = partition
            } else {
                state.partitions.append(partition)
            }
            state.lastID = lastID
        }
    }

    /// Whether a partition's files may be changed: it is there, and nobody else changes them.
    func beginChanging(_ name: PartitionName) -> Bool {
        state.withLock { state in
            guard state.partitions.contains(where: { $0.name == name }) else { return false }
            return state.changing.insert(name).inserted
        }
    }

    func endChanging(_ name: PartitionName) {
        state.withLock { _ = $0.changing.remove(name) }
    }

    /// Readers who take a snapshot from now on do not see it.
    func forget(_ name: PartitionName) {
        state.withLock { state in state.partitions.removeAll { $0.name == name } }
    }

    /// Lets readers see a partition where it lies now.
    func replace(with partition: Partition) {
        state.withLock { state in
            guard let place = state.partitions.lastIndex(where: { $0.name == partition.name })
            else {
                preconditionFailure("BUG: a partition was sealed that is not there")
            }
            state.partitions[place] = partition
        }
    }
}
