import EventLog
import Foundation
import Intake
import NIOPosix
import Pipeline
import TimeSeries

/// A data folder opened in this process, as the server opens it: recovery, reader and writer.
struct RecoveredLog {
    private let pipeline: Pipeline

    /// - Parameter data: the data folder; its log is made where there is none.
    init(_ data: String) async throws {
        var limits = Pipeline.Limits()
        limits.dedupe.eventsMax = 16_384
        pipeline = try await Pipeline(
            folder: data + "/log", limits: limits, threads: .singleton, makeLogID: { "log" },
            now: { Self.now })
    }

    /// 2026-11-22T14:00:00Z, later than what is sent late.
    private static let now = Timestamp(milliseconds: 1_795_356_000_000)

    /// All events, read from the files.
    func stored() async throws -> StoredEvents {
        var query = EventQuery()
        query.order = .oldestFirst
        var stream = try await pipeline.reader.stream(query)
        var bytes: [UInt8] = []
        while let page = try await stream.next() { bytes += page.bytes }
        return StoredEvents(ndjson: bytes)
    }

    /// The newest events, as memory has them, against the same read from files.
    func faultsOfMemory() async throws -> [String] {
        let files = try await stored()
        let page = try await pipeline.reader.page(EventQuery(), limit: 100_000)
        let memory = page.lines.reversed().flatMap { Array(page.bytes[$0]) }
        return StoredEvents(ndjson: memory).ids == files.ids
            ? [] : ["memory and files have different events"]
    }

    /// Stores the events, and shuts the writer down.
    /// - Returns: the id of each, whether it is new or was there.
    func store(_ events: [SentEvent]) async throws -> (ids: [UInt64], isNew: [Bool]) {
        var intake = EventIntake(redactor: Redactor(rules: []), keys: pipeline.keys)
        var batch = EventBatch()
        for event in events {
            let bytes = Array(event.json.utf8)
            let context = EventIntake.Context(now: Self.now)
            try intake.take(bytes.indices, of: bytes.span, context, into: &batch)
        }
        let submission = try pipeline.queue.submit(batch)
        pipeline.queue.close()
        try await pipeline.run()
        let results = try await submission.outcome().results
        return (
            results.map(\.id.value),
            results.map { if case .stored = $0 { true } else { false } }
        )
    }
}
