internal import Catalogue
internal import Dispatch
internal import EventIndex
internal import EventLine
internal import EventLog
internal import Intake
internal import TimeSeries

/// Takes groups from the queue, gives their events ids and server time, drops what came before, and
/// makes them durable. It blocks in `fdatasync`, so it has a thread of its own.
///
/// Dedupe is decided here, in the order of the log: group N+1 is not begun before the fate of group N
/// is known, so a key is never pending anywhere but in the group being written.
struct LogWriter: ~Copyable {
    /// After a failure the disk is left alone this long; meanwhile batches are refused at once.
    static let retryPauseMilliseconds: Int64 = 100
    /// While the log fails and nobody sends anything, the disk is tried this often.
    static let probeSeconds = 1

    /// Who hears of what was written.
    struct Observers {
        let recent: RecentEvents
        let feed: FoldFeed
        let streams: StreamFeed
        let health: LogHealth
        let telemetry: Telemetry
    }

    private let queue: IngestQueue
    private let observers: Observers
    private let now: @Sendable () -> Timestamp
    private var appender: LogAppender
    private var window: DedupeWindow
    private var transcripts: TranscriptWindow
    private var nextID: EventID
    private var failure: (error: LogError, until: Timestamp)?

    init(
        queue: IngestQueue, observers: Observers, appender: consuming LogAppender,
        window: DedupeWindow, transcripts: TranscriptWindow, nextID: EventID,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.queue = queue
        self.observers = observers
        self.appender = appender
        self.window = window
        self.transcripts = transcripts
        self.nextID = nextID
        self.now = now
    }

    /// Returns when the queue is closed and empty.
    mutating func run() {
        while let group = queue.nextGroup(patience: patience) {
            if group.isEmpty {
                probe()
            } else {
                write(group)
                queue.release(group)
            }
        }
    }

    private var patience: DispatchTimeInterval {
        failure == nil ? .never : .seconds(Self.probeSeconds)
    }

    /// Whether the disk is back: a new partition is begun, as the next group would begin it.
    private mutating func probe() {
        do throws(LogError) {
            try appender.prepare(firstID: nextID, now: now())
            failure = nil
            observers.health.succeeded()
        } catch {
            observers.health.failed(error)
        }
    }

    private mutating func write(_ group: [Submission]) {
        let time = ServerTime(now())
        if let failure, time.moment < failure.until,
            failure.until.milliseconds - time.moment.milliseconds <= Self.retryPauseMilliseconds
        {
            return refuse(group, failure.error)
        }
        var block = LineBlock(
            firstID: nextID, bytesMax: group.reduce(0) { $0 + $1.batch.lineBytesMax },
            linesMax: group.reduce(0) { $0 + $1.batch.items.count })
        let results = group.map { assign($0.batch, time, to: &block) }
        do throws(LogError) {
            try store(&block, events: Self.storedEvents(group, results), time.moment)
        } catch {
            window.removeAll(from: block.firstID)
            transcripts.removeAll(from: block.firstID)
            failure = (error, time.moment.advanced(byMilliseconds: Self.retryPauseMilliseconds))
            observers.health.failed(error)
            return refuse(group, error)
        }
        observers.health.add(conflicts: Self.conflicts(results))
        for (submission, results) in zip(group, results) {
            submission.complete(.success(BatchOutcome(results: results, block: block)))
        }
    }

    private mutating func store(
        _ block: inout LineBlock, events: Int, _ moment: Timestamp
    ) throws(LogError) {
        guard block.count > 0 else { return }
        let lines = LineGroup(bytes: block.bytes, firstID: block.firstID, lastID: block.lastID)
        let start = ContinuousClock.now
        let (partition, offset) = try appender.append(lines, now: moment)
        block.place = LinePlace(partition: partition.firstID, offset: offset)
        observers.telemetry.wrote(events: events, in: .now - start, at: moment)
        failure = nil
        observers.health.succeeded()
        observers.recent.publish(block)
        observers.feed.publish(block)
        observers.streams.publish(block)
    }

    private mutating func assign(
        _ batch: EventBatch, _ time: ServerTime, to block: inout LineBlock
    ) -> [BatchOutcome.Result] {
        var results: [BatchOutcome.Result] = []
        results.reserveCapacity(batch.items.count)
        for item in batch.items {
            results.append(take(item, of: batch, time, in: &block))
        }
        return results
    }

    /// A transcript is written directly before its event, so that no event is ever without it.
    private mutating func take(
        _ item: EventBatch.Item, of batch: EventBatch, _ time: ServerTime, in block: inout LineBlock
    ) -> BatchOutcome.Result {
        let transcript = item.event?.transcript.map { batch.transcripts[$0] }
        let id = transcript == nil ? nextID : nextID.advanced(by: 1)
        if let known = known(item, id, time) { return known }
        if let transcript { store(transcript, of: batch, time, in: &block) }
        return store(item, of: batch, time, in: &block)
    }

    private mutating func known(
        _ item: EventBatch.Item, _ id: EventID, _ time: ServerTime
    ) -> BatchOutcome.Result? {
        guard let event = item.event else { return nil }
        switch window.insert(event.key, content: event.content, id: id, at: time.moment) {
        case .known(let id, let sameContent): return .duplicate(id, sameContent: sameContent)
        case .new: return nil
        }
    }

    private mutating func store(
        _ transcript: EventBatch.Transcript, of batch: EventBatch, _ time: ServerTime,
        in block: inout LineBlock
    ) {
        let place = transcripts.add(transcript, in: nextID, at: time.moment)
        block.append { output in
            TranscriptLine.append(
                id: nextID, serverTime: time, transcript.parts(from: place.from),
                of: batch.bytes.span, from: place.from, previous: place.previous,
                count: transcript.count - place.from, to: &output)
        }
        nextID = nextID.advanced(by: 1)
    }

    private mutating func store(
        _ item: EventBatch.Item, of batch: EventBatch, _ time: ServerTime, in block: inout LineBlock
    ) -> BatchOutcome.Result {
        defer { nextID = nextID.advanced(by: 1) }
        block.append { output in
            if let event = item.event {
                EventLineParts.appendLine(
                    id: nextID, timestamp: event.timestamp, serverTime: time, head: item.head,
                    tail: item.tail, of: batch.bytes.span, to: &output)
            } else {
                FoldLineParts.appendLine(
                    id: nextID, serverTime: time.moment, head: item.head, tail: item.tail,
                    of: batch.bytes.span, to: &output)
            }
        }
        return .stored(nextID)
    }

    private func refuse(_ group: [Submission], _ error: LogError) {
        for submission in group { submission.complete(.failure(.logFailed(error))) }
    }

    /// Without the lines that are for the folds alone.
    private static func storedEvents(
        _ group: [Submission], _ results: [[BatchOutcome.Result]]
    ) -> Int {
        zip(group, results).reduce(0) { sum, pair in
            sum
                + zip(pair.0.batch.items, pair.1).count { item, result in
                    if item.event != nil, case .stored = result { true } else { false }
                }
        }
    }

    private static func conflicts(_ results: [[BatchOutcome.Result]]) -> Int {
        results.reduce(0) { sum, results in
            sum
                + results.count { result in
                    if case .duplicate(_, sameContent: false) = result { true } else { false }
                }
        }
    }
}
