public import TimeSeries

/// What is kept, and how long. Nil is for ever, or without end.
public struct RetentionPolicy: Equatable, Sendable {
    /// Raw lines go partition by partition, the oldest first, as soon as any of the limits is passed.
    public struct Raw: Equatable, Sendable {
        /// Since a partition's last line arrived.
        public var millisecondsMax: Int64? = 30 * 86_400_000
        /// On disk, of all partitions.
        public var bytesMax: Int64? = 20 << 30

        public init() {}
    }

    public struct Disk: Equatable, Sendable {
        /// With less free the oldest partitions go early,
        public var freeBytesMin: Int64 = 2 << 30
        /// but none whose last line is younger: somebody else may fill the disk.
        public var earlyMillisecondsMin: Int64 = 86_400_000
        /// With less free no more events are taken.
        public var freeBytesRefused: Int64 = 512 << 20

        public init() {}
    }

    public var raw = Raw()
    /// How long buckets are kept, by their own time.
    public var rollupMilliseconds: [Interval: Int64] = [
        .oneMinute: 14 * 86_400_000, .threeMinutes: 30 * 86_400_000,
        .fiveMinutes: 60 * 86_400_000, .fifteenMinutes: 180 * 86_400_000,
    ]
    /// All that the data folder holds.
    public var folderBytesMax: Int64? = 50 << 30
    public var disk = Disk()

    public init() {}
}
