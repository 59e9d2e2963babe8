public import Catalogue
internal import EventIndex
public import EventLog
public import Folds
public import NIOPosix
internal import Rollup
public import Storage
internal import TimeSeries

/// Owns the folds: takes in what the log's writer has made durable, stores what that changes about once a
/// second, and answers from what is stored and what is not yet.
///
///     FoldFeed ─► Fold ── every second ─► Frozen ── one transaction ─► derived.sqlite
///                  │ pending               │ being stored               │ stored
///                  ╰───────────────────────┴────────── a query ─────────╯
public actor Engine {
    public struct Limits: Sendable {
        public var fold = Fold.Limits()
        /// Between two flushes: what a crash makes the next start fold again.
        public var flushMilliseconds = 1_000
        /// Buckets that wait to be stored; with more, folding waits for the store.
        public var pendingBucketsMax = 500_000
        /// Chapters of the event index that wait to be stored; with more, folding waits for the store.
        public var pendingChaptersMax = 4_096
        /// How long a question waits for what was acknowledged before it.
        public var settleMillisecondsMax = 2_000
        public var store = DerivedStore.Limits()

        public init() {}
    }

    /// What is on its way to the store.
    struct Frozen {
        let position: FoldPosition
        let buckets: BucketBatch
    }

    /// Who waits until a line is folded.
    struct Waiter {
        let id: EventID
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Bool, Never>
    }

    let folder: String
    let feed: FoldFeed
    let store: DerivedStore
    let limits: Limits
    let threads: NIOThreadPool
    let logID: String
    /// What the log held when it was opened.
    let replayed: LogSnapshot
    var floors: [Interval: Timestamp]
    var fold: Fold
    var lifetimes: Lifetimes
    var indexing: IndexBuilder
    /// Finished, and not on their way to the store yet.
    var chapters: [IndexChapter] = []
    let index: LogIndex
    var directory = SeriesDirectory()
    /// The same changes as queries and as the store want them.
    var frozen: Frozen?
    var unstored: Flush?
    var isFlushing = false
    var storedPosition: FoldPosition
    /// Too late to change a bucket, since the start.
    var samplesBelowFloor: Int64 = 0
    var storeFailure: StorageError?
    var hasReplayed = false
    var waiters: [Waiter] = []
    /// Stored since somebody asked; nil where nobody watches.
    var changedMinutes: Set<ChangedMinute>?

    /// Why the rollups are made anew from the log; nil where they go on from what is stored.
    public nonisolated let rebuildReason: String?

    /// Opens the store and goes on from what it holds; `run` folds what the log holds beyond it.
    /// - Parameters:
    ///   - folder: the data folder.
    ///   - log: nobody appends to it before `feed` is given to its writer.
    ///   - index: hears of what is indexed.
    public init(
        folder: String, log: EventLog, feed: FoldFeed, index: LogIndex, threads: NIOThreadPool,
        limits: Limits = Limits()
    ) async throws {
        self.folder = folder
        let opened = try await OpenedStore(folder: folder, log, limits)
        logID = log.logID
        replayed = log.snapshot()
        (store, rebuildReason) = (opened.store, opened.rebuildReason)
        (fold, lifetimes, floors) = (
            opened.fold.fold, opened.fold.lifetimes, opened.fold.floors
        )
        indexing = opened.fold.index ?? IndexBuilder()
        index.open(store.reader, end: indexing.position)
        (self.feed, self.index, self.threads, self.limits) = (feed, index, threads, limits)
        storedPosition = fold.position
        directory.update(fold)
    }

    /// Whether all that the log held at the start is counted.
    public var isReplayed: Bool { hasReplayed }

    /// The metrics that are known.
    public var metricTable: MetricTable { fold.metrics }
}
