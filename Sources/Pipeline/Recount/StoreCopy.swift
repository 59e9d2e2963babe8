internal import Folds
internal import Rollup
internal import Storage
internal import TimeSeries

/// A store's rows copied out, so that the store can go on while the log is recounted.
///
/// The buckets are of one moment, all else of another, at most some flushes later; each says up to which
/// line it counts.
struct StoreCopy: Sendable {
    /// The moment of the buckets.
    let checkpoint: Checkpoint
    let floors: [Interval: Timestamp]
    /// Of the second moment, like the admissions.
    let folds: StoredFolds
    let admissions: [Admission]
    let bucketCount: Int
    private let folder: ScratchFolder

    /// While buckets are copied, the store's WAL cannot be cut.
    private static let copyMillisecondsMax = 3_600_000

    /// - Returns: nil where nothing was stored yet.
    static func of(_ reader: DerivedReader) async throws -> StoreCopy? {
        let folder = try ScratchFolder()
        let buckets = try await reader.snapshot(millisecondsMax: copyMillisecondsMax) {
            snapshot in try CopiedBuckets(snapshot, into: folder)
        }
        guard let buckets else { return nil }
        let folds = try await reader.restore()
        guard let last = folds.checkpoint else { return nil }
        // Read still later, and so cut to the same line.
        let admissions = try await reader.admissions().upTo(last.lastID)
        return StoreCopy(
            checkpoint: buckets.checkpoint, floors: buckets.floors, folds: folds,
            admissions: admissions, bucketCount: buckets.count, folder: folder)
    }

    func buckets(_ interval: Interval) throws -> BucketFileReader {
        try BucketFileReader(CopiedBuckets.path(interval, folder))
    }

    /// What cannot be recounted, by the store's own word.
    var uncovered: [UncoveredRange] { folds.uncovered }

    /// Why the copy cannot be held against a log.
    func check(logID: String?) throws(RecountRefusal) {
        guard logID == nil || checkpoint.logID == logID else { throw .otherLog }
        guard checkpoint.foldVersion == Int64(Fold.version) else {
            throw .otherFoldVersion(checkpoint.foldVersion)
        }
    }
}

/// All buckets of one moment, a file an interval.
private struct CopiedBuckets: Sendable {
    let checkpoint: Checkpoint
    let floors: [Interval: Timestamp]
    private(set) var count = 0

    init?(_ snapshot: DerivedSnapshot, into folder: ScratchFolder) throws {
        guard let checkpoint = try snapshot.checkpoint else { return nil }
        self.checkpoint = checkpoint
        floors = try snapshot.floors
        for interval in Interval.allCases {
            var file = try BucketFileWriter(Self.path(interval, folder))
            try snapshot.forEachSeries(interval) { try file.append($0) }
            try file.finish()
            count += file.bucketCount
        }
    }

    static func path(_ interval: Interval, _ folder: ScratchFolder) -> String {
        folder.path + "/buckets_" + interval.name
    }
}

extension [Admission] {
    /// As they were when a line was the last one.
    fileprivate func upTo(_ id: EventID) -> [Admission] {
        filter { $0.admittedAt <= id }.map { admission in
            var admission = admission
            if let retired = admission.retiredAt, retired > id { admission.retiredAt = nil }
            return admission
        }
    }
}
