internal import Catalogue
internal import Intake
internal import NIOCore
internal import Pipeline

/// The samples of one request on their way into the log: read, decode, hand over.
///
/// Lines are handed over a few at a time: while one batch is being synced the next is decoded, and a client
/// that sends faster than the disk writes is held back by its own unread bytes.
struct SampleIngest {
    /// Whole lines of the bytes → lines for the log; answers how many bytes were taken.
    typealias Decode = (_ bytes: Span<UInt8>, _ isEnd: Bool, inout SampleLines) throws -> Int

    private static let batchBytes = 512 << 10
    private static let underwayMax = 4

    private let queue: IngestQueue
    private let inFlight: BytesInFlight
    private var underway: [Submission] = []
    private var lines = SampleLines()

    init(_ queue: IngestQueue, _ inFlight: BytesInFlight) {
        self.queue = queue
        self.inFlight = inFlight
    }

    /// All that was taken is on the disk when this returns.
    mutating func run(_ reader: consuming BodyReader, _ decode: Decode) async throws {
        var held: [UInt8] = []
        var heldBytes = 0
        defer { inFlight.release(heldBytes) }
        while let buffer = try await reader.next() {
            try inFlight.take(buffer.readableBytes)
            heldBytes += buffer.readableBytes
            held.append(contentsOf: buffer.readableBytesView)
            let taken = try decode(held.span, false, &lines)
            held.removeFirst(taken)
            inFlight.release(heldBytes - held.count)
            heldBytes = held.count
            if lines.heldBytes >= Self.batchBytes { try await submit() }
        }
        _ = try decode(held.span, true, &lines)
        try await submit()
        while !underway.isEmpty { try await settleOldest() }
    }

    /// Samples that were decoded already.
    mutating func run(_ samples: SampleLines) async throws {
        lines = samples
        try await submit()
        while !underway.isEmpty { try await settleOldest() }
    }

    private mutating func submit() async throws(APIError) {
        lines.finish()
        guard !lines.isEmpty else { return }
        do throws(IngestRefusal) {
            underway.append(try await queue.submitInTurn(EventBatch(lines)))
        } catch {
            throw APIError(error)
        }
        lines.removeAll()
        while underway.count > Self.underwayMax { try await settleOldest() }
    }

    private mutating func settleOldest() async throws(APIError) {
        do throws(IngestRefusal) {
            _ = try await underway.removeFirst().outcome()
        } catch {
            throw APIError(error)
        }
    }
}
