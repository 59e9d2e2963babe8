public import TimeSeries

/// Some whole lines, side by side in one partition.
public struct IndexBlock: Equatable, Sendable {
    /// Its place in the chapter, 0 to 31.
    public let number: Int
    /// Of its first line.
    public let offset: Int
    public let firstID: EventID
    /// CRC-32 of its lines, line ends included.
    public internal(set) var checksum: UInt32

    public init(number: Int, offset: Int, firstID: EventID, checksum: UInt32) {
        self.number = number
        self.offset = offset
        self.firstID = firstID
        self.checksum = checksum
    }
}
