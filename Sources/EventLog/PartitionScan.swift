internal import EventLine
internal import StrictJSON
internal import TimeSeries

/// A stretch of a partition that holds no valid line, though it stands between or after valid ones.
public struct DamagedSpan: Equatable, Sendable, CustomStringConvertible {
    public let fileName: String
    public let range: Range<Int>

    public var description: String {
        "\(fileName), bytes \(range.lowerBound) to \(range.upperBound)"
    }
}

/// A whole partition read and checked line by line, as recovery does it.
struct PartitionScan {
    private(set) var header: LogHeader?
    private(set) var lastID: EventID?
    private(set) var lines = 0
    /// One past the last line end: what follows was never finished.
    private(set) var end = 0
    private(set) var damage: [DamagedSpan] = []
    private let partition: Partition

    init(_ partition: Partition) throws(LogError) {
        self.partition = partition
        var reader = try partition.reader()
        while let chunk = try reader.next() {
            try check(chunk)
            end = reader.position
        }
    }

    private mutating func check(_ chunk: LineChunk) throws(LogError) {
        var failure: LogError?
        chunk.forEachLine { line in
            do throws(LogError) {
                try check(chunk.bytes.span.extracting(line), at: chunk.offset + line.lowerBound)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }

    private mutating func check(_ line: Span<UInt8>, at offset: Int) throws(LogError) {
        if offset == 0, let header = try LogHeader(line, path: partition.path) {
            self.header = header
        } else if let id = EventEnvelope.id(of: line), id > lastID ?? .none, Self.isJSON(line) {
            lastID = id
            lines += 1
        } else {
            addDamage(offset..<(offset + line.count))
        }
    }

    private mutating func addDamage(_ range: Range<Int>) {
        if let last = damage.last, last.range.upperBound == range.lowerBound {
            damage.removeLast()
            damage.append(
                DamagedSpan(
                    fileName: last.fileName, range: last.range.lowerBound..<range.upperBound))
        } else {
            damage.append(DamagedSpan(fileName: partition.name.fileName, range: range))
        }
    }

    static func isJSON(_ line: Span<UInt8>) -> Bool {
        var cursor = JSONCursor(0..<line.count)
        do throws(JSONFault) {
            try cursor.skipValue(in: line)
            try cursor.finish(in: line)
            return true
        } catch {
            return false
        }
    }
}
