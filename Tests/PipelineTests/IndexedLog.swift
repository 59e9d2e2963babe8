import EventLog
import NIOPosix
import Pipeline
import TestSupport
import TimeSeries

/// A pipeline with an engine that indexes what it writes, as the server has them.
struct IndexedLog {
    let pipeline: Pipeline
    let engine: Engine

    /// - Parameters:
    ///   - folder: the log's.
    ///   - store: a folder for the store.
    init(
        _ folder: ScratchFolder, store: ScratchFolder, _ limits: Pipeline.Limits,
        flushMilliseconds: Int = 5, pendingChaptersMax: Int = 4_096
    ) async throws {
        pipeline = try await Pipeline.open(folder, limits: limits)
        var engineLimits = Engine.Limits()
        engineLimits.flushMilliseconds = flushMilliseconds
        engineLimits.pendingChaptersMax = pendingChaptersMax
        engine = try await Engine(
            folder: store.path, log: pipeline.log, feed: pipeline.feed, index: pipeline.index,
            threads: .singleton, limits: engineLimits)
    }

    /// Runs both while `body` does; then everything is written and stored.
    func serving(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            let result = await Result { try await pipeline.serving(body) }
            // It stops when it has folded what is written.
            group.cancelAll()
            try await group.waitForAll()
            try result.get()
        }
    }

    /// Returns when all that was acknowledged is indexed.
    func settle() async throws {
        try await engine.settle(through: pipeline.log.lastID)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
