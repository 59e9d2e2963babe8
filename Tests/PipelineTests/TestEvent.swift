import EventFormats
import Intake
import NIOPosix
import Pipeline
import TestSupport
import TimeSeries

/// An event as a sender writes it; without an id each sending is an event of its own.
struct TestEvent: Sendable {
    var id: String?
    var type = "PreToolUse"
    var sourceApp = "app"
    var sessionID = "s"
    var agentID: String?
    var timestamp: Timestamp?
    /// JSON.
    var data = "{}"

    var json: String {
        let members = [
            ("type", type), ("source_app", sourceApp), ("session_id", sessionID),
            ("event_id", id), ("agent_id", agentID), ("timestamp", timestamp?.description),
        ]
        let texts = members.compactMap { name, value in value.map { "\"\(name)\":\"\($0)\"" } }
        return "{\(texts.joined(separator: ",")),\"data\":\(data)}"
    }
}

/// 2026-11-22T14:00:00Z.
let start = Timestamp(milliseconds: 1_795_356_000_000)

extension Pipeline {
    /// A pipeline whose clock stands still, unless another is given.
    static func open(
        _ folder: ScratchFolder, limits: Limits = Limits(),
        now: @escaping @Sendable () -> Timestamp = { start }
    ) async throws -> Pipeline {
        try await Pipeline(
            folder: folder.path, limits: limits, threads: .singleton, makeLogID: { "log" },
            now: now)
    }

    func batch(_ events: [TestEvent]) throws -> EventBatch {
        try .of(events, keys)
    }

    /// Submits a batch and waits for its fate.
    func store(_ events: [TestEvent]) async throws -> [BatchOutcome.Result] {
        try await queue.submit(batch(events)).outcome().results
    }

    /// Runs the writer while `body` does, then shuts it down; what waits then is still written.
    func serving<Result>(_ body: () async throws -> Result) async throws -> Result {
        async let running: Void = run()
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        queue.close()
        try await running
        return try result.get()
    }
}

extension EventBatch {
    static func of(_ events: [TestEvent], _ keys: EventKeys = EventKeys()) throws -> EventBatch {
        var intake = EventIntake(redactor: Redactor(rules: []), keys: keys)
        var batch = EventBatch()
        for event in events {
            let bytes = Array(event.json.utf8)
            try intake.take(
                0..<bytes.count, of: bytes.span, EventIntake.Context(now: start), into: &batch)
        }
        return batch
    }
}

extension [BatchOutcome.Result] {
    var stored: [UInt64] {
        compactMap { if case .stored(let id) = $0 { id.value } else { nil } }
    }

    var duplicates: [UInt64] {
        compactMap { if case .duplicate(let id, _) = $0 { id.value } else { nil } }
    }

    /// Duplicates that say something else.
    var conflicts: [UInt64] {
        compactMap {
            if case .duplicate(let id, sameContent: false) = $0 { id.value } else { nil }
        }
    }
}
