public import Rollup
public import TimeSeries

/// Buckets of one moment.
///
/// Pages that follow each other are of different moments: what a page adds to a former one stands behind
/// the former one's checkpoint.
public struct BucketPage: Sendable {
    /// All lines up to this one are counted, no later one is. Before the first flush: `EventID.none`.
    public let lastID: EventID
    /// Where the query goes on; nil where all was read.
    public let next: BucketPlace?
    /// In the order of series and start.
    public private(set) var packed: PackedBuckets

    init(lastID: EventID, next: BucketPlace?, packed: PackedBuckets) {
        self.lastID = lastID
        self.next = next
        self.packed = packed
    }

    /// The buckets with their sketches, which take most of the time.
    public func buckets() throws(StorageError) -> [SeriesBucket] {
        do throws(SketchFault) {
            return try packed.buckets()
        } catch {
            throw StorageError(error)
        }
    }

    /// Hands the buckets over, without a copy of them where they are changed.
    public mutating func take() -> PackedBuckets {
        var taken = PackedBuckets()
        swap(&taken, &packed)
        return taken
    }
}

extension StorageError {
    /// Of bytes that a page handed out unread.
    public init(_ fault: SketchFault) {
        self.init(.corrupt, "read a sketch", "a sketch: \(fault.rawValue)")
    }
}

extension StorageFault {
    init(_ fault: SketchFault) {
        self.init(.corrupt, "a sketch: \(fault.rawValue)")
    }
}

/// As the store's own bytes are read.
extension PackedBuckets {
    func unpacked() throws(StorageFault) -> [SeriesBucket] {
        do throws(SketchFault) { return try buckets() } catch { throw StorageFault(error) }
    }

    /// Merges buckets into those from a place on; both are in the order of time.
    mutating func merge(_ others: [SeriesBucket], from first: Int) throws(StorageFault) {
        do throws(SketchFault) {
            try mergeIntoLast(others, from: first)
        } catch {
            throw StorageFault(error)
        }
    }
}

extension Sketch {
    /// From the store's bytes.
    @inline(__always)
    init(stored bytes: Span<UInt8>) throws(StorageFault) {
        do throws(SketchFault) {
            try self.init(blob: bytes)
        } catch {
            throw StorageFault(error)
        }
    }
}
