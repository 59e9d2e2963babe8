public import Sealing

/// How a partition is sealed: by which level of zstd, in frames of which size.
public typealias SealOptions = SealWriter.Options

/// A partition that was sealed.
public struct SealedPartition: Sendable {
    public let fileName: String
    public let plainBytes: Int
    public let sealedBytes: Int
}

extension EventLog {
    /// Partitions that nothing is written to any more and that are plain still, oldest first.
    public var sealable: [Partition] {
        snapshot().partitions.dropLast().filter { !$0.isSealed }
    }

    /// Seals one of them. It blocks, and takes a while; readers read on meanwhile and afterwards.
    ///
    /// - Parameter goOn: asked after each frame, with how many bytes of the plain file are sealed; false
    ///   ends it, with nothing changed.
    /// - Returns: nil where it was ended, or where retention takes the partition.
    public func seal(
        _ partition: Partition, _ options: SealOptions = SealOptions(),
        goOn: (_ bytes: Int) -> Bool = { _ in true }
    ) throws(LogError) -> SealedPartition? {
        guard beginChanging(partition.name) else { return nil }
        defer { endChanging(partition.name) }
        let sealing = PartitionSealing(partition, options)
        guard let sealedBytes = try sealing.write(goOn) else { return nil }
        try sealing.install()
        replace(with: try partition.afterSealing())
        try sealing.removePlain()
        return SealedPartition(
            fileName: partition.name.sealedFileName, plainBytes: partition.length,
            sealedBytes: sealedBytes)
    }
}
