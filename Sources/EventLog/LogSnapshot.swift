internal import EventLine
public import TimeSeries

/// The partitions at one moment, oldest first: what a reader may read, whatever is written meanwhile.
public struct LogSnapshot: Sendable {
    public let partitions: [Partition]

    /// The lines after an id, in the order of the log.
    public func lines(after id: EventID) throws(LogError) -> LogCursor {
        let next = id < .last ? id.advanced(by: 1) : id
        // The line wanted first often stands first in its partition: then the one before is not asked.
        let first =
            partitions.firstIndex { $0.name.firstID == next }
            ?? partitions.lastIndex { $0.name.firstID <= id } ?? 0
        return LogCursor(Array(partitions.dropFirst(first)), after: id)
    }

    /// The lines before an id, newest first.
    public func linesBackward(before id: EventID) throws(LogError) -> LogCursor {
        LogCursor(partitions.filter { $0.name.firstID < id }, before: id)
    }
}

/// Reads a snapshot chunk by chunk, forwards or backwards.
///
/// The first chunk may hold a few lines on the wrong side of the id that was asked for, and lines that
/// are no events: the caller looks at each line anyway.
public struct LogCursor: Sendable {
    private enum Direction: Sendable {
        case forward(after: EventID)
        case backward(before: EventID)
    }

    private let direction: Direction
    private var waiting: ArraySlice<Partition>
    private var current: LineChunkReader?
    private var isFirst = true

    fileprivate init(_ partitions: [Partition], after id: EventID) {
        direction = .forward(after: id)
        waiting = partitions[...]
    }

    fileprivate init(_ partitions: [Partition], before id: EventID) {
        direction = .backward(before: id)
        waiting = partitions[...]
    }

    /// - Returns: nil at the end.
    public mutating func next() throws(LogError) -> LineChunk? {
        while true {
            if let chunk = try nextOfCurrent() { return chunk }
            guard try openNext() else { return nil }
        }
    }

    private mutating func nextOfCurrent() throws(LogError) -> LineChunk? {
        guard var reader = current else { return nil }
        defer { current = reader }
        switch direction {
        case .forward: return try reader.next()
        case .backward: return try reader.previous()
        }
    }

    /// A partition that retention has removed since the snapshot was taken is passed over.
    private mutating func openNext() throws(LogError) -> Bool {
        defer { isFirst = false }
        guard let partition = nextPartition() else { return false }
        do throws(LogError) {
            current = try reader(of: partition)
        } catch  where error.code == .missing {
            current = nil
        }
        return true
    }

    private mutating func nextPartition() -> Partition? {
        switch direction {
        case .forward: waiting.popFirst()
        case .backward: waiting.popLast()
        }
    }

    private func reader(of partition: Partition) throws(LogError) -> LineChunkReader {
        switch direction {
        case .forward(let id):
            let start = isFirst ? try partition.offset(after: id) : 0
            return try partition.reader(start..<partition.length)
        case .backward(let id):
            let end = isFirst ? try partition.end(upTo: id) : partition.length
            return try partition.reader(0..<end)
        }
    }
}
