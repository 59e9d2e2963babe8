internal import EventIndex
internal import EventLine
internal import EventLog
internal import Folds
internal import Rollup
internal import Storage
internal import TimeSeries

/// A recount's own state: a fold, and where in the log it stands.
struct Counting: Sendable {
    /// What one step has brought.
    struct Step: Sendable {
        /// Nil where there is little yet.
        let flush: Flush?
        let position: FoldPosition
        let isDone: Bool
    }

    /// Read in one step: some hundredths of a second's work.
    private static let stepBytes = 4 << 20
    /// Kept in memory; then they are stored.
    private static let bucketsMax = 100_000
    private static let chaptersMax = 1_000

    private(set) var check: LogCheck
    private let plan: Recount.Plan
    private let log: LogSnapshot
    private var fold: Fold
    private var index: IndexBuilder?
    private var chapters: [IndexChapter] = []
    private var lifetimes: Lifetimes
    private var stored: FoldPosition
    private var cursor: LogCursor?
    private var through = EventID.none

    init(_ log: LogSnapshot, _ plan: Recount.Plan) {
        check = LogCheck(log, after: plan.removedThrough)
        self.plan = plan
        self.log = log
        (fold, index) = (plan.start.fold, plan.start.index)
        lifetimes = plan.start.lifetimes
        stored = fold.position
    }

    var lastID: EventID { fold.position.lastID }

    mutating func begin(through id: EventID) throws(LogError) {
        through = id
        let last = fold.position.lastID
        cursor = try log.lines(after: min(last, index?.position ?? last))
    }

    mutating func step() throws(LogError) -> Step {
        var bytes = 0
        var isDone = false
        while !isDone, bytes < Self.stepBytes, !isFull {
            guard let chunk = try cursor?.next() else {
                isDone = true
                break
            }
            bytes += chunk.bytes.count
            isDone = !add(chunk)
        }
        if isDone { check.finish(through: through) }
        return Step(
            flush: isDone || isFull ? takeFlush() : nil, position: fold.position, isDone: isDone)
    }

    private var isFull: Bool {
        fold.buckets.count >= Self.bucketsMax || chapters.count >= Self.chaptersMax
    }

    /// - Returns: false where the last line that is wanted is passed.
    private mutating func add(_ chunk: LineChunk) -> Bool {
        index?.add(chunk, through: through, of: log)
        chapters += index?.take() ?? []
        return chunk.forEachLine { range in
            let line = chunk.bytes.span.extracting(range)
            let text = line.extracting(0..<line.count - 1)
            if chunk.offset + range.lowerBound == 0 { check.beginPartition(text) }
            guard let id = EventEnvelope.id(of: line) else { return true }
            guard id <= through else { return false }
            if id > plan.catalogueHeldThrough || !line.isCatalogue { fold.add(line) }
            check.add(text, id, now: fold.position.clock)
            return true
        }
    }

    private mutating func takeFlush() -> Flush? {
        guard fold.hasChanges(since: stored) else { return nil }
        stored = fold.position
        let changes = fold.takeChanges()
        let buckets = changes.buckets.batch()
        var flush = Flush(
            changes, buckets, logID: plan.logID, lives: lifetimes.add(buckets), chapters: chapters)
        chapters = []
        if let metric = plan.metric { flush.keep(metric, fold.series) }
        if plan.isOfLeavingLines { flush.keepHoursOnly() }
        return flush
    }
}

extension Flush {
    /// Puts the hours of buckets in their place.
    fileprivate mutating func keepHoursOnly() {
        let hours = Set(minutes.entries.map { Interval.oneHour.bucketStart(of: $0.start) })
        let ranges = hours.compactMap { hour in
            TimeRange(
                from: hour, to: hour.advanced(byMilliseconds: Interval.oneHour.milliseconds))
        }
        uncovered = HourRanges(touching: ranges).ranges.map {
            UncoveredRange(range: $0, reason: .retention)
        }
        minutes = BucketBatch(merging: [])
    }

    /// Leaves out what is not about a metric.
    fileprivate mutating func keep(_ metric: String, _ table: SeriesTable) {
        let name = Array(metric.utf8)
        let kept = Set(table.metric(named: name.span)?.series ?? [])
        minutes = BucketBatch(merging: minutes.entries.filter { kept.contains($0.series) })
        metrics = metrics.filter { $0.name == metric }
        series?.added.removeAll { !kept.contains($0.series) }
        series?.totals.removeAll { !kept.contains($0.series) }
        series?.admissions.removeAll { !kept.contains($0.series) }
        state.removed = []
        state.written = state.written.filter { row in
            row.lifeSeries.map { kept.contains($0) } ?? false
        }
    }
}
