internal import EventLine
internal import Sealing
internal import TimeSeries

/// The steps by which a plain partition becomes a sealed one. After a crash at any of them, one of the two
/// is there and whole, and the plain one counts as long as it is there:
///
///     X.ndjson ─► X.ndjson.zst.tmp       written, synced, read back
///                 X.ndjson.zst           renamed, folder synced
///     X.ndjson removed, folder synced
struct PartitionSealing {
    /// So much is written before it is synced: a large sync at the end would hold up the log's own.
    private static let syncBytes = 4 << 20

    private let partition: Partition
    private let options: SealWriter.Options

    init(_ partition: Partition, _ options: SealWriter.Options) {
        precondition(!partition.isSealed, "BUG: a partition is sealed once")
        self.partition = partition
        self.options = options
    }

    private var unfinished: String { partition.folder + "/" + partition.name.unfinishedFileName }
    private var sealed: String { partition.folder + "/" + partition.name.sealedFileName }

    /// - Returns: the length of the sealed file; nil where it was not to go on.
    func write(_ goOn: (Int) -> Bool) throws(LogError) -> Int? {
        try Folder.removeIfThere(unfinished)
        do throws(LogError) {
            let file = try File(unfinished, .create)
            if let length = try write(to: file, goOn), try check(goOn) { return length }
        } catch {
            try? Folder.removeIfThere(unfinished)
            throw error
        }
        try Folder.removeIfThere(unfinished)
        return nil
    }

    func install() throws(LogError) {
        try Folder.rename(unfinished, to: sealed)
        try Folder.sync(partition.folder)
    }

    func removePlain() throws(LogError) {
        try Folder.remove(partition.path)
        try Folder.sync(partition.folder)
    }

    private func write(to file: File, _ goOn: (Int) -> Bool) throws(LogError) -> Int? {
        var writer = SealWriter(options, .lines)
        var plain = try partition.open()
        var (start, written, synced) = (0, 0, 0)
        var window: [UInt8] = []
        while start < partition.length {
            let rest = partition.length - start
            try plain.read(at: start, count: min(options.frameBytes, rest), into: &window)
            guard !window.isEmpty else { throw shortened }
            let end = SealWriter.frameEnd(in: window.span, isRest: window.count == rest)
            let frame = writer.frame(of: window.span.extracting(0..<end))
            try file.append(frame.span)
            (start, written) = (start + end, written + frame.count)
            if written - synced >= Self.syncBytes {
                try file.syncData()
                synced = written
            }
            guard goOn(start) else { return nil }
        }
        let last = writer.finish()
        try file.append(last.span)
        try file.syncData()
        return written + last.count
    }

    /// Reads the sealed file as every reader will, and compares: the plain one is about to go.
    private func check(_ goOn: (Int) -> Bool) throws(LogError) -> Bool {
        let file = try SealedFile.read(unfinished)
        guard file.table.contentBytes == partition.length, file.index != nil else {
            throw different
        }
        var sealed = try PartitionBytes(sealed: file, FrameCache(bytesMax: 0) { _ in })
        var plain = try partition.open()
        var (left, right): ([UInt8], [UInt8]) = ([], [])
        for frame in file.table.frames {
            try sealed.read(at: frame.content.lowerBound, count: frame.content.count, into: &left)
            try plain.read(at: frame.content.lowerBound, count: frame.content.count, into: &right)
            guard left == right else { throw different }
            guard goOn(partition.length) else { return false }
        }
        return true
    }

    private var different: LogError {
        LogError(.inputOutput, "seal", "\(unfinished) does not hold what \(partition.path) does")
    }

    private var shortened: LogError {
        LogError(.inputOutput, "seal", "\(partition.path) is shorter than it was")
    }
}

extension SealWriter.LineReading {
    fileprivate static var lines: Self {
        Self(id: { EventEnvelope.id(of: $0)?.value }, isWhole: EventEnvelope.isWhole)
    }
}
