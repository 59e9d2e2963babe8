internal import EventFormats
internal import Intake
internal import Pipeline
internal import StrictJSON
internal import TimeSeries

/// Many events of one request on their way into the log.
///
/// Batches are handed over as they are decoded, a few at a time: while one is being synced the next is
/// decoded, and a client that sends faster than the disk writes is held back by its own unread bytes.
struct IngestSession {
    /// Batches of one request that wait for the disk at once.
    private static let underwayMax = 4

    private struct Underway {
        let submission: Submission
        /// Events of the body up to the end of this batch.
        let events: Int
    }

    private let queue: IngestQueue
    private var underway: [Underway] = []
    private var events = 0
    private var eventsTaken = 0
    private var summary = IngestSummary()

    init(_ queue: IngestQueue) {
        self.queue = queue
    }

    /// Hands the accepted events over, and waits for older ones where too many are underway.
    mutating func add(_ stretch: DecodedStretch) async throws(APIError) {
        summary.add(stretch, after: events)
        events += stretch.count
        if !stretch.batch.isEmpty {
            do throws(IngestRefusal) {
                underway.append(
                    Underway(
                        submission: try await queue.submitInTurn(stretch.batch), events: events))
            } catch {
                try await drain()
                throw refusal(error)
            }
        }
        while underway.count > Self.underwayMax { try await settleOldest() }
    }

    /// All that was taken is on the disk when this returns.
    mutating func finish() async throws(APIError) -> IngestSummary {
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
        eventsTaken = oldest.events
    }

    private func refusal(_ refusal: IngestRefusal) -> APIError {
        var error = APIError(refusal)
        error.details = Array("{\"lines_taken\":\(eventsTaken)}".utf8)
        return error
    }
}

/// What became of the events of one request.
struct IngestSummary {
    private(set) var accepted = 0
    private(set) var duplicates = 0
    private(set) var rejectedCount = 0
    private var rejected: [(index: Int, fault: EventFault)] = []
    private var lastID: EventID?

    /// - Parameter before: events of the body before this stretch.
    mutating func add(_ stretch: DecodedStretch, after before: Int) {
        rejectedCount += stretch.rejectedCount
        for (index, fault) in stretch.rejected.prefix(DecodedStretch.rejectionsMax - rejected.count)
        {
            rejected.append((before + index, fault))
        }
    }

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
        var text = Array("{\"accepted\":\(accepted),\"duplicates\":\(duplicates),".utf8)
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
