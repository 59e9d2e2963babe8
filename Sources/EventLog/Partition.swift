internal import EventLine
internal import Sealing
internal import TimeSeries

/// One file of the log, as far as it may be read.
public struct Partition: Sendable {
    enum Form: Sendable {
        case plain
        case sealed(SealedFile)
    }

    public let name: PartitionName
    /// Bytes that are durable and part of the log; of a sealed one, those of its plain file.
    public internal(set) var length: Int
    let form: Form
    let folder: String
    private let frames: FrameCache

    init(plain name: PartitionName, in folder: String, length: Int, _ frames: FrameCache) {
        self.init(name, folder, .plain, length: length, frames)
    }

    init(sealed name: PartitionName, in folder: String, _ frames: FrameCache) throws(LogError) {
        let sealed = try SealedFile.read(folder + "/" + name.sealedFileName)
        self.init(name, folder, .sealed(sealed), length: sealed.table.contentBytes, frames)
    }

    private init(
        _ name: PartitionName, _ folder: String, _ form: Form, length: Int, _ frames: FrameCache
    ) {
        (self.name, self.folder, self.form) = (name, folder, form)
        (self.length, self.frames) = (length, frames)
    }

    public var isSealed: Bool { sealed != nil }

    /// The file in which it lies.
    public var fileName: String { isSealed ? name.sealedFileName : name.fileName }

    var path: String { folder + "/" + fileName }

    private var sealedPath: String { folder + "/" + name.sealedFileName }

    var sealed: SealedFile? {
        if case .sealed(let sealed) = form { sealed } else { nil }
    }

    /// The same, as it lies there once it was sealed.
    func afterSealing() throws(LogError) -> Partition {
        try Partition(sealed: name, in: folder, frames)
    }

    /// Whoever took a snapshot before the partition was sealed reads the sealed one.
    func open() throws(LogError) -> PartitionBytes {
        if let sealed { return try PartitionBytes(sealed: sealed, frames) }
        do throws(LogError) {
            return PartitionBytes(plain: try File(path, .read))
        } catch  where error.code == .missing && Folder.has(sealedPath) {
            return try PartitionBytes(sealed: SealedFile.read(sealedPath), frames)
        }
    }

    func reader(_ range: Range<Int>? = nil) throws(LogError) -> LineChunkReader {
        LineChunkReader(try open(), range ?? 0..<length)
    }

    /// The start of the first line whose id is greater than `id`, or a line's start shortly before it.
    ///
    /// Ids rise along the file, so this is a binary search over byte offsets.
    func offset(after id: EventID) throws(LogError) -> Int {
        var bytes = try open()
        var (low, high) = bounds(of: id < .last ? id.advanced(by: 1) : id)
        while high - low > LineChunkReader.chunkBytes {
            let middle = low + (high - low) / 2
            guard let probe = try LineProbe.first(from: middle, before: high, &bytes) else {
                high = middle
                continue
            }
            if probe.id <= id { low = probe.start } else { high = middle }
        }
        return low
    }

    /// One past the last line whose id is at most `id`, or a line's end shortly after it.
    func end(upTo id: EventID) throws(LogError) -> Int {
        var bytes = try open()
        var (low, high) = bounds(of: id)
        while high - low > LineChunkReader.chunkBytes {
            let middle = low + (high - low) / 2
            guard let probe = try LineProbe.first(from: middle, before: high, &bytes),
                probe.start < high
            else { break }
            if probe.id <= id { low = probe.start } else { high = probe.start }
        }
        return high
    }

    /// Line starts between which a line with the id stands: of a sealed partition, those of a frame.
    private func bounds(of id: EventID) -> (low: Int, high: Int) {
        guard let sealed, let index = sealed.index else { return (0, length) }
        var bounds = (low: 0, high: length)
        for (firstID, frame) in zip(index.firstIDs, sealed.table.frames) where firstID != 0 {
            if firstID > id.value {
                bounds.high = min(length, frame.content.lowerBound)
                break
            }
            bounds.low = min(length, frame.content.lowerBound)
        }
        return bounds
    }
}

/// A line that was found by landing somewhere in the file.
private struct LineProbe {
    let start: Int
    let id: EventID

    /// The first line with an id that starts after `offset`.
    static func first(
        from offset: Int, before limit: Int, _ bytes: inout PartitionBytes
    ) throws(LogError) -> LineProbe? {
        var buffer: [UInt8] = []
        var position = offset
        var isInLine = true
        while position < limit {
            let count = min(LineChunkReader.chunkBytes, limit - position)
            try bytes.read(at: position, count: count, into: &buffer)
            guard !buffer.isEmpty else { return nil }
            if let probe = find(in: buffer.span, at: position, &isInLine) { return probe }
            position += buffer.count
        }
        return nil
    }

    /// A line whose head is cut off by the end of the buffer is passed over: the next one will do.
    private static func find(
        in bytes: Span<UInt8>, at offset: Int, _ isInLine: inout Bool
    ) -> LineProbe? {
        var start = 0
        while let end = bytes.firstLineEnd(in: start..<bytes.count) {
            if !isInLine, let id = EventEnvelope.id(of: bytes.extracting(start..<end)) {
                return LineProbe(start: offset + start, id: id)
            }
            isInLine = false
            start = end
        }
        isInLine = isInLine || start < bytes.count
        return nil
    }
}
