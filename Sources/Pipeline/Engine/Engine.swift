public import EventLog
internal import Catalogue
internal import Folds
public import NIOPosix
internal import Rollup
public import Storage
public import TimeSeries

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
        /// How long a question waits for what was acknowledged before it.
        public var settleMillisecondsMax = 2_000

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

    let feed: FoldFeed
    let store: DerivedStore
    let limits: Limits
    let threads: NIOThreadPool
    let logID: String
    /// What the log held when it was opened.
    let replayed: LogSnapshot
    var fold: Fold
    var lifetimes: Lifetimes
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

    /// Goes on from what was stored; `run` folds what the log holds beyond it.
    init(
        log: EventLog, store: DerivedStore, restored: RestoredFold, feed: FoldFeed,
        threads: NIOThreadPool, limits: Limits
    ) {
        logID = log.logID
        replayed = log.snapshot()
        self.store = store
        self.feed = feed
        self.threads = threads
        self.limits = limits
        fold = restored.fold
        lifetimes = restored.lifetimes
        storedPosition = restored.fold.position
        directory.update(fold)
    }

    /// The metrics that are known.
    public var metricTable: MetricTable { fold.metrics }
}
