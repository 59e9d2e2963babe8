internal import EventLine
internal import Glibc
internal import Sealing
internal import TimeSeries

/// What was found when a log was opened.
public struct RecoveryReport: Sendable {
    /// Bytes of unfinished lines that were cut off the end.
    public internal(set) var bytesCut = 0
    /// Line ends that were lost before whole lines, and written again.
    public internal(set) var lineEndsRestored = 0
    /// Lines of groups that failed before the restart: on the disk, but no part of the log.
    public internal(set) var burned: [DamagedSpan] = []
    public internal(set) var damage: [DamagedSpan] = []
    public internal(set) var partitions = 0
}

extension EventLog {
    /// Opens the log in `folder`, creates it where there is none, and repairs its end.
    ///
    /// No complete valid line is ever removed: an unfinished end is cut, a damaged stretch is passed
    /// over and reported. What is kept is on the disk when this returns.
    /// - Parameter damageListener: told of frames of sealed partitions that cannot be read, when they are.
    public static func open(
        folder: String, limits: Limits = Limits(),
        damageListener: @escaping DamageListener = { _ in }, makeLogID: () -> String
    ) throws(LogError) -> (log: EventLog, report: RecoveryReport) {
        try Folder.create(folder)
        let frames = FrameCache(bytesMax: limits.frameCacheBytesMax, damageListener)
        var recovery = LogRecovery(folder: folder, frames: frames)
        try recovery.findPartitions()
        try recovery.removeUnfinished()
        try recovery.repairEnd()
        let logID = recovery.logID ?? makeLogID()
        try recovery.repairHeader(logID: logID)
        try recovery.bound()
        try Folder.sync(folder)
        let state = State(partitions: recovery.partitions, lastID: recovery.lastID)
        let log = EventLog(
            logID: logID, limits: limits, folder: folder, frames: frames, state: state)
        return (log, recovery.report)
    }

    /// The partitions of a log that another process may be writing: nothing is repaired or locked.
    /// - Parameter damageListener: told of what cannot be read of sealed partitions.
    public static func readOnlySnapshot(
        folder: String, limits: Limits = Limits(),
        damageListener: @escaping DamageListener = { _ in }
    ) throws(LogError) -> LogSnapshot {
        for _ in 0..<snapshotTriesMax {
            do throws(LogError) {
                return try snapshotNow(folder, limits, damageListener)
            } catch  where error.code == .missing && Folder.has(folder) {
                // Retention removed a partition after the folder was listed.
                continue
            }
        }
        return try snapshotNow(folder, limits, damageListener)
    }

    private static let snapshotTriesMax = 10

    private static func snapshotNow(
        _ folder: String, _ limits: Limits, _ damageListener: @escaping DamageListener
    ) throws(LogError) -> LogSnapshot {
        let frames = FrameCache(bytesMax: limits.frameCacheBytesMax, damageListener)
        var recovery = LogRecovery(folder: folder, frames: frames)
        try recovery.findPartitions()
        try recovery.bound()
        for span in recovery.report.damage { frames.tell(span) }
        return LogSnapshot(partitions: recovery.partitions)
    }
}

/// The steps of opening a log, in their order.
private struct LogRecovery {
    let folder: String
    private let frames: FrameCache
    private(set) var partitions: [Partition] = []
    private(set) var report = RecoveryReport()
    private(set) var lastID = EventID.none
    private var headers: [LogHeader?] = []

    init(folder: String, frames: FrameCache) {
        self.folder = folder
        self.frames = frames
    }

    var logID: String? { headers.lazy.compactMap { $0?.logID }.last }

    mutating func findPartitions() throws(LogError) {
        for entry in try FolderListing(folder).partitions {
            guard let partition = try partition(entry.name, isSealed: entry.isSealed) else {
                continue
            }
            partitions.append(partition)
            headers.append(try Self.header(of: partition))
            if let damage = partition.sealed?.damage { report.damage.append(damage) }
        }
        report.partitions = partitions.count
        // Names count too: a partition without lines may follow ids that were burned.
        lastID = partitions.last?.name.idBefore ?? .none
        if let newest = partitions.last, newest.isSealed {
            lastID = max(lastID, try Self.lastID(of: newest) ?? .none)
        }
    }

    /// - Returns: nil where it was removed since the folder was listed.
    private func partition(_ name: PartitionName, isSealed: Bool) throws(LogError) -> Partition? {
        do throws(LogError) {
            if isSealed { return try Partition(sealed: name, in: folder, frames) }
            let length = try File(folder + "/" + name.fileName, .read).size()
            return Partition(plain: name, in: folder, length: length, frames)
        } catch  where error.code == .missing && Folder.has(folder + "/" + name.sealedFileName) {
            // It was sealed since the folder was listed.
            return try Partition(sealed: name, in: folder, frames)
        } catch  where error.code == .missing {
            return nil
        }
    }

    /// What sealing left when it was cut short: the plain files are there still.
    func removeUnfinished() throws(LogError) {
        for name in try Folder.names(folder) where PartitionName(unfinishedFileName: name) != nil {
            try Folder.remove(folder + "/" + name)
        }
    }

    /// Repairs the newest partition; and the one before it too where the newest does not say after which
    /// id it was begun, for then all that lies there becomes part of the log.
    mutating func repairEnd() throws(LogError) {
        for index in partitions.indices.reversed() {
            // A sealed one was whole when it was sealed, and is not written to.
            guard !partitions[index].isSealed else { return }
            try repair(index)
            if headers[index] != nil { return }
        }
    }

    /// Checks a partition as a whole, parts lines that were joined, cuts an unfinished end, and syncs it:
    /// what a crash left in the machine's memory was never promised, but from here on readers see it.
    private mutating func repair(_ index: Int) throws(LogError) {
        let partition = partitions[index]
        let scan = try PartitionScan(partition)
        let file = try File(partition.path, .repair)
        for place in scan.lostLineEnds { try file.write([UInt8(ascii: "\n")].span, at: place) }
        if scan.end < partition.length { try file.truncate(to: scan.end) }
        try file.syncData()
        partitions[index].length = scan.end
        headers[index] = scan.header
        lastID = max(lastID, scan.lastID)
        report.damage.insert(contentsOf: scan.damage, at: 0)
        report.lineEndsRestored += scan.lostLineEnds.count
        report.bytesCut += partition.length - scan.end
    }

    /// Writes the newest partition's header where it was lost: the log's name is to last. It may be that
    /// the partition was cut short while it was begun, or that its beginning is damaged.
    mutating func repairHeader(logID: String) throws(LogError) {
        guard let newest = partitions.last, !newest.isSealed, headers.last == .some(nil) else {
            return
        }
        let header = LogHeader(logID: logID, afterID: newest.name.idBefore)
        let line = header.line
        guard newest.length == 0 || line.count <= damagedBytesAtStart(of: newest) else { return }
        let file = try File(newest.path, .repair)
        try file.write(line.span, at: 0)
        try file.syncData()
        partitions[partitions.count - 1].length = max(newest.length, line.count)
        headers[headers.count - 1] = header
    }

    private func damagedBytesAtStart(of partition: Partition) -> Int {
        let start = report.damage.first { span in
            span.fileName == partition.fileName && span.range.lowerBound == 0
        }
        return start?.range.count ?? 0
    }

    /// Ends each partition before what the one after it calls burned.
    mutating func bound() throws(LogError) {
        var burned: [DamagedSpan] = []
        var bound = EventID.last
        for index in partitions.indices.reversed() {
            if let span = try cut(index, after: bound) { burned.append(span) }
            // Of a lost header the one after it tells enough: what it burned is burned.
            bound = min(bound, headers[index]?.afterID ?? bound)
        }
        report.burned += burned.reversed()
    }

    private mutating func cut(_ index: Int, after bound: EventID) throws(LogError) -> DamagedSpan? {
        let partition = partitions[index]
        guard let last = try Self.lastID(of: partition), last > bound else { return nil }
        let end = try Self.end(of: partition, upTo: bound)
        partitions[index].length = end
        return DamagedSpan(fileName: partition.fileName, range: end..<partition.length)
    }

    private static func header(of partition: Partition) throws(LogError) -> LogHeader? {
        var bytes: [UInt8] = []
        if let index = partition.sealed?.index {
            bytes = index.header
        } else {
            var file = try partition.open()
            try file.read(at: 0, count: headerBytesMax, into: &bytes)
        }
        guard let end = bytes.span.firstLineEnd(in: bytes.indices) else { return nil }
        return try LogHeader(bytes.span.extracting(0..<end), path: partition.path)
    }

    private static let headerBytesMax = 4_096

    /// The id of the last line that has one.
    private static func lastID(of partition: Partition) throws(LogError) -> EventID? {
        if let index = partition.sealed?.index {
            return index.lastID == 0 ? nil : EventID(index.lastID)
        }
        var reader = try partition.reader()
        while let chunk = try reader.previous() {
            var last: EventID?
            chunk.forEachLine(newestFirst: true) { line in
                last = EventEnvelope.id(of: chunk.bytes.span.extracting(line))
                return last == nil
            }
            if let last { return last }
        }
        return nil
    }

    /// Where the first line after an id begins.
    private static func end(of partition: Partition, upTo id: EventID) throws(LogError) -> Int {
        let start = try partition.offset(after: id)
        var reader = try partition.reader(start..<partition.length)
        while let chunk = try reader.next() {
            var end: Int?
            chunk.forEachLine { line in
                let found = EventEnvelope.id(of: chunk.bytes.span.extracting(line))
                guard let found, found > id else { return true }
                end = chunk.offset + line.lowerBound
                return false
            }
            if let end { return end }
        }
        return partition.length
    }
}
