public import TimeSeries

/// Where a line stands in the log.
public struct LinePlace: Hashable, Sendable {
    /// The first id in the name of its partition.
    public let partition: EventID
    /// In the partition as it was written, sealed or not.
    public let offset: Int

    public init(partition: EventID, offset: Int) {
        self.partition = partition
        self.offset = offset
    }
}
