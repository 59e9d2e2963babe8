internal import EventLine
internal import TimeSeries

/// A whole partition read and checked line by line, as recovery does it.
struct PartitionScan {
    private(set) var header: LogHeader?
    /// The highest id at the head of any line. Damaged ones count: an id that was once given, and
    /// perhaps acknowledged, is not given again, and ids go on rising along the file.
    private(set) var lastID = EventID.none
    /// One past the last line end: what follows was never finished.
    private(set) var end = 0
    private(set) var damage: [DamagedSpan] = []
    /// Where a line end was lost before a whole line.
    private(set) var lostLineEnds: [Int] = []
    private var lastValidID = EventID.none
    private let partition: Partition

    init(_ partition: Partition) throws(LogError) {
        self.partition = partition
        var reader = try partition.reader()
        while let chunk = try reader.next() { try check(chunk) }
        end = reader.position
    }

    private mutating func check(_ chunk: LineChunk) throws(LogError) {
        var failure: LogError?
        chunk.forEachLine { line in
            do throws(LogError) {
                let line = line.dropLast()
                try check(chunk.bytes.span.extracting(line), at: chunk.offset + line.lowerBound)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }

    /// - Parameter line: without its line end.
    private mutating func check(_ line: Span<UInt8>, at offset: Int) throws(LogError) {
        guard try !take(line, at: offset) else { return }
        var start = 0
        for next in JoinedLines.starts(in: line) {
            try takeOrPassOver(line.extracting(start..<(next - 1)), at: offset + start)
            lostLineEnds.append(offset + next - 1)
            start = next
        }
        try takeOrPassOver(line.extracting(start..<line.count), at: offset + start)
    }

    private mutating func takeOrPassOver(_ line: Span<UInt8>, at offset: Int) throws(LogError) {
        guard try !take(line, at: offset) else { return }
        damage.append(
            joining: DamagedSpan(
                fileName: partition.name.fileName, range: offset..<(offset + line.count + 1)))
        lastID = max(lastID, EventEnvelope.id(of: line) ?? .none)
    }

    /// - Returns: whether the line is the header or valid.
    private mutating func take(_ line: Span<UInt8>, at offset: Int) throws(LogError) -> Bool {
        if let id = EventEnvelope.id(of: line), id > lastValidID, EventEnvelope.isWhole(line) {
            lastValidID = id
            lastID = max(lastID, id)
            return true
        }
        guard offset == 0 else { return false }
        header = try LogHeader(line, path: partition.path)
        return header != nil
    }
}
