internal import GRDB
internal import Rollup
internal import TimeSeries

/// What happens within one transaction of the writer.
struct FlushTransaction {
    private static let stretchBuckets = 4_096

    private let db: Database
    private let limits: DerivedStore.Limits
    private let folds: FoldTables
    private let recent: RecentTable

    init(_ db: Database, _ limits: DerivedStore.Limits) {
        self.db = db
        self.limits = limits
        folds = FoldTables(db: db)
        recent = RecentTable(db: db)
    }

    func run(_ flush: Flush) throws -> FlushOutcome {
        let position = try folds.position()
        try check(flush.checkpoint, follows: position?.checkpoint)
        let series = SeriesTables(db: db)
        for metric in flush.metrics { try series.upsert(metric) }
        if let changes = flush.series { try series.apply(changes) }
        try folds.apply(flush.state)
        try IndexTables(db: db).add(flush.chapters)
        for range in flush.uncovered { try folds.add(range) }
        var outcome = FlushOutcome()
        outcome.samplesBelowFloor = try samplesBelowFloor(flush.minutes)
        let settledAt = position?.settledAt ?? flush.checkpoint.time
        outcome.hasSettled = try add(flush.minutes, flush.checkpoint.time, settledAt)
        try folds.write(
            flush.checkpoint, settledAt: outcome.hasSettled ? flush.checkpoint.time : settledAt)
        return outcome
    }

    private func check(_ checkpoint: Checkpoint, follows stored: Checkpoint?) throws {
        guard let stored else { return }
        guard checkpoint.logID == stored.logID, checkpoint.foldVersion == stored.foldVersion else {
            throw StorageFault(.conflict, "folds of another log or another version")
        }
        guard checkpoint.lastID > stored.lastID else {
            throw StorageFault(
                .conflict,
                "folded up to \(checkpoint.lastID), stored up to \(stored.lastID): stored before")
        }
    }
}

// MARK: Buckets

extension FlushTransaction {
    /// - Returns: whether recent minutes were settled.
    private func add(
        _ minutes: BucketBatch, _ now: Timestamp, _ settledAt: Timestamp
    ) throws -> Bool {
        // As much as a replay brings: each chunk takes in many of them at once.
        if minutes.entries.count > limits.recentRowsMax {
            try settle()
            try merge(minutes)
            return true
        }
        try recent.merge(minutes)
        let age = now.milliseconds.subtractingReportingOverflow(settledAt.milliseconds).partialValue
        guard try recent.count > limits.recentRowsMax || age >= limits.settleMilliseconds else {
            return false
        }
        try settle()
        return true
    }

    /// Moves all recent minutes into the rollup tables.
    func settle() throws {
        let minutes = try recent.all()
        guard !minutes.entries.isEmpty else { return }
        try merge(minutes)
        try recent.removeAll()
    }

    /// Merges minutes into the rollup tables of all intervals, down to the floor of each.
    func merge(_ minutes: BucketBatch) throws {
        let floors = try folds.floors()
        // Not all at once: the wide intervals' buckets of a long batch take more memory than all else.
        try minutes.forEachStretch(of: Self.stretchBuckets) { minutes throws(any Error) in
            for (interval, batch) in minutes.inAllIntervals {
                let kept = floors[interval].map { batch.expanded(to: interval, floor: $0).batch }
                try RollupTable(db, interval).merge(kept ?? batch)
            }
        }
    }

    /// - Parameter hours: whole ones, so they are whole buckets of every interval.
    func remove(_ series: [SeriesID], _ hours: TimeRange) throws {
        for interval in Interval.allCases {
            let table = RollupTable(db, interval)
            for series in series { try table.remove(series, hours) }
        }
    }

    private func samplesBelowFloor(_ minutes: BucketBatch) throws -> [Interval: Int64] {
        var samples: [Interval: Int64] = [:]
        for (interval, floor) in try folds.floors() {
            for entry in minutes.entries where interval.bucketStart(of: entry.start) < floor {
                samples[interval, default: 0] += entry.bucket.count
            }
        }
        return samples
    }
}

extension BucketBatch {
    /// Minutes as the buckets of all intervals, the wide ones made from narrower ones: that takes a third
    /// of the merges.
    fileprivate var inAllIntervals: [(Interval, BucketBatch)] {
        let fives = expanded(to: .fiveMinutes).batch
        let fifteens = fives.expanded(to: .fifteenMinutes).batch
        return [
            (.oneMinute, self), (.threeMinutes, expanded(to: .threeMinutes).batch),
            (.fiveMinutes, fives), (.fifteenMinutes, fifteens),
            (.oneHour, fifteens.expanded(to: .oneHour).batch),
        ]
    }
}
