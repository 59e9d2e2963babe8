internal import EventLine
internal import TimeSeries

/// One file of the log, as far as it may be read.
public struct Partition: Sendable {
    public let name: PartitionName
    let path: String
    /// Bytes that are durable and part of the log.
    public internal(set) var length: Int

    func reader(_ range: Range<Int>? = nil) throws(LogError) -> LineChunkReader {
        LineChunkReader(try File(path, .read), range ?? 0..<length)
    }

    /// The start of the first line whose id is greater than `id`, or a line's start shortly before it.
    ///
    /// Ids rise along the file, so this is a binary search over byte offsets.
    func offset(after id: EventID) throws(LogError) -> Int {
        let file = try File(path, .read)
        var (low, high) = (0, length)
        while high - low > LineChunkReader.chunkBytes {
            let middle = low + (high - low) / 2
            guard let probe = try LineProbe.first(from: middle, before: high, file) else {
                high = middle
                continue
            }
            if probe.id <= id { low = probe.start } else { high = middle }
        }
        return low
    }

    /// One past the last line whose id is at most `id`, or a line's end shortly after it.
    func end(upTo id: EventID) throws(LogError) -> Int {
        let file = try File(path, .read)
        var (low, high) = (0, length)
        while high - low > LineChunkReader.chunkBytes {
            let middle = low + (high - low) / 2
            guard let probe = try LineProbe.first(from: middle, before: high, file),
                probe.start < high
            else { break }
            if probe.id <= id { low = probe.start } else { high = probe.start }
        }
        return high
    }
}

/// A line that was found by landing somewhere in the file.
private struct LineProbe {
    let start: Int
    let id: EventID

    /// The first line with an id that starts after `offset`.
    static func first(
        from offset: Int, before limit: Int, _ file: File
    ) throws(LogError) -> LineProbe? {
        var buffer: [UInt8] = []
        var position = offset
        var isInLine = true
        while position < limit {
            let count = min(LineChunkReader.chunkBytes, limit - position)
            try file.read(at: position, count: count, into: &buffer)
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
