public import TimeSeries

/// Reads lines of a snapshot whose places are known.
public struct LogReader: Sendable {
    public let snapshot: LogSnapshot
    /// The partition that was read last, kept open for the next time.
    private var open: (partition: Partition, bytes: PartitionBytes)?

    public init(_ snapshot: LogSnapshot) {
        self.snapshot = snapshot
    }

    /// Lines of a partition.
    /// - Parameters:
    ///   - firstID: the one in the partition's name.
    ///   - range: from the start of a line to the end of one.
    /// - Returns: nil where the snapshot has no such lines.
    public mutating func lines(
        of firstID: EventID, in range: Range<Int>
    ) throws(LogError) -> LineChunk? {
        try turn(to: firstID)
        guard range.upperBound <= open?.partition.length ?? 0 else { return nil }
        var bytes: [UInt8] = []
        try open?.bytes.read(at: range.lowerBound, count: range.count, into: &bytes)
        return bytes.count == range.count ? LineChunk(bytes: bytes, offset: range.lowerBound) : nil
    }

    private mutating func turn(to firstID: EventID) throws(LogError) {
        if let open, open.partition.name.firstID == firstID { return }
        guard let partition = snapshot.partition(firstID: firstID) else { return open = nil }
        open = (partition, try partition.open())
    }
}

extension LogSnapshot {
    /// Where a partition was begun twice, nothing stands in the first one.
    func partition(firstID: EventID) -> Partition? {
        var (low, high) = (0, partitions.count)
        while low < high {
            let middle = (low + high) / 2
            if partitions[middle].name.firstID <= firstID {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low > 0, partitions[low - 1].name.firstID == firstID else { return nil }
        return partitions[low - 1]
    }

    /// The name of the partition in which a line stands.
    public func partition(of id: EventID) -> PartitionName? {
        partitions.last { $0.name.firstID <= id }?.name
    }
}
