internal import EventIndex
public import TimeSeries

/// Stored lines with consecutive ids, in one piece of memory.
public struct LineBlock: Sendable {
    public private(set) var bytes: [UInt8]
    public let firstID: EventID
    /// Where each line starts, and where the last one ends.
    private var offsets: [Int]
    /// Of the first line; known once it is written.
    var place: LinePlace?

    init(firstID: EventID, bytesMax: Int, linesMax: Int) {
        self.firstID = firstID
        bytes = []
        bytes.reserveCapacity(bytesMax)
        offsets = [0]
        offsets.reserveCapacity(linesMax + 1)
    }

    public var count: Int { offsets.count - 1 }
    public var lastID: EventID { firstID.advanced(by: count - 1) }
    var nextID: EventID { firstID.advanced(by: count) }

    /// Where a line stands, its line end included; nil where it is not in this block.
    public func range(of id: EventID) -> Range<Int>? {
        guard id >= firstID, id < nextID else { return nil }
        return range(at: Int(id.value - firstID.value))
    }

    /// Where some lines start, and where the last of them ends.
    func starts(_ lines: Range<Int>) -> ArraySlice<Int> {
        offsets[lines.lowerBound...lines.upperBound]
    }

    func range(at index: Int) -> Range<Int> { offsets[index]..<offsets[index + 1] }

    mutating func append(_ write: (inout [UInt8]) -> Void) {
        write(&bytes)
        offsets.append(bytes.count)
    }

    mutating func append(_ block: LineBlock) {
        precondition(block.firstID == nextID, "BUG: a block with a gap")
        let start = bytes.count
        bytes += block.bytes
        for offset in block.offsets.dropFirst() { offsets.append(start + offset) }
    }
}
