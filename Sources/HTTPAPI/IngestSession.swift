internal import EventFormats
internal import Intake
internal import Pipeline
internal import StrictJSON
internal import TimeSeries

/// Many events of one request on their way into the log.
///
/// Batches are handed over as they fill, a few at a time: while one is being synced the next is decoded,
/// and a client that sends faster than the disk writes is held back by its own unread bytes.
struct IngestSession {
    struct Limits: Sendable {
        /// A batch is handed over when its lines have this size…
        var batchBytes = 512 << 10
        /// …or it has so many events.
        var batchEventsMax = 4_096
        /// Batches of one request that wait for the disk at once.
        var batchesUnderwayMax = 4
        /// Rejections that are listed; the others are counted.
        var rejectionsListedMax = 100
    }

    private struct Underway {
        let submission: Submission
        /// Lines of the body up to the end of this batch.
        let lines: Int
    }

    private let queue: IngestQueue
    private let context: EventIntake.Context
    private let limits: Limits
    private var intake: EventIntake
    private var batch: EventBatch
    private var underway: [Underway] = []
    private var lines = 0
    private var linesTaken = 0
    private(set) var summary = IngestSummary()

    init(
        _ queue: IngestQueue, _ intake: EventIntake, _ context: EventIntake.Context,
        limits: Limits = Limits()
    ) {
        self.queue = queue
        self.intake = intake
        self.context = context
        self.limits = limits
        batch = EventBatch()
    }

    var isBatchFull: Bool {
        batch.bytes.count >= limits.batchBytes || batch.items.count >= limits.batchEventsMax
    }

    mutating func take(_ range: Range<Int>, of bytes: Span<UInt8>) {
        do throws(EventFault) {
            try intake.take(range, of: bytes, context, into: &batch)
        } catch {
            reject(error)
            return
        }
        lines += 1
    }

    mutating func reject(_ fault: EventFault) {
        summary.rejectedCount += 1
        if summary.rejected.count < limits.rejectionsListedMax {
            summary.rejected.append((index: lines, fault: fault))
        }
        lines += 1
    }

    /// Hands the batch over, and waits for older ones where too many are underway.
    mutating func flush() async throws(APIError) {
        if !batch.isEmpty {
            do throws(IngestRefusal) {
                underway.append(Underway(submission: try queue.submit(batch), lines: lines))
            } catch {
                try await drain()
                throw refusal(error)
            }
            // A first full batch says that more like it will follow.
            batch = EventBatch(reservingBytes: limits.batchBytes + limits.batchBytes / 8)
        }
        while underway.count > limits.batchesUnderwayMax { try await settleOldest() }
    }

    /// All that was taken is on the disk when this returns.
    mutating func finish() async throws(APIError) -> IngestSummary {
        try await flush()
        try await drain()
        return summary
    }

    private mutating func drain() async throws(APIError) {
        while !underway.isEmpty { try await settleOldest() }
    }

    private mutating func settleOldest() async throws(APIError) {
        let oldest = underway.removeFirst()
        do throws(IngestRefusal) {
            summary.add(try await oldest.submission.outcome())
        } catch {
            // Later batches may be stored all the same; sent again, they are duplicates.
            for later in underway { _ = try? await later.submission.outcome() }
            underway = []
            throw refusal(error)
        }
        linesTaken = oldest.lines
    }

    private func refusal(_ refusal: IngestRefusal) -> APIError {
        var error = APIError(refusal)
        error.details = Array("{\"lines_taken\":\(linesTaken)}".utf8)
        return error
    }
}

/// What became of the events of one request.
struct IngestSummary {
    var accepted = 0
    var duplicates = 0
    var rejectedCount = 0
    var rejected: [(index: Int, fault: EventFault)] = []
    var lastID: EventID?

    mutating func add(_ outcome: BatchOutcome) {
        for result in outcome.results {
            switch result {
            case .stored(let id):
                accepted += 1
                lastID = id
            case .duplicate: duplicates += 1
            }
        }
    }

    var json: [UInt8] {
        var text = Array(
            "{\"accepted\":\(accepted),\"duplicates\":\(duplicates),".utf8)
        text += Array("\"rejected_count\":\(rejectedCount),\"rejected\":[".utf8)
        for (place, (index, fault)) in rejected.enumerated() {
            if place > 0 { text.append(UInt8(ascii: ",")) }
            text += Array(
                "{\"index\":\(index),\"code\":\"\(fault.code.rawValue)\",\"message\":".utf8)
            JSONString.encode(fault.message, appendingTo: &text)
            text.append(UInt8(ascii: "}"))
        }
        text += Array("],\"last_id\":\(lastID.map(\.description) ?? "null")}".utf8)
        return text
    }
}
