internal import EventLog
internal import Folds
internal import NIOPosix
internal import Rollup
public import ServiceLifecycle
internal import TimeSeries

extension Engine: Service {
    /// Runs until the feed is closed and empty; what was folded is stored before it ends.
    public func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { await self.flushRegularly() }
                group.addTask { await self.expireRegularly() }
                try await replay()
                await foldAll()
                group.cancelAll()
            }
            await flush()
        } onCancelOrGracefulShutdown: { [feed] in
            feed.close()
        }
    }

    private func foldAll() async {
        while let block = await feed.next() {
            await fold(block)
            feed.release(block)
            while fold.buckets.count > limits.pendingBucketsMax, !Task.isCancelled {
                await flush()
            }
        }
    }

    /// Lines that are folded before others may have the actor: some milliseconds' worth.
    private static let stepLines = 1_000

    private func fold(_ block: LineBlock) async {
        var index = 0
        while index < block.count {
            let end = min(block.count, index + Self.stepLines)
            while index < end {
                fold.add(block.bytes.span.extracting(block.range(at: index)))
                index += 1
            }
            folded()
            await Task.yield()
        }
    }

    /// Folds what the log held beyond the store when it was opened.
    private func replay() async throws {
        var cursor = try replayed.lines(after: fold.position.lastID)
        while let chunk = try await next(of: &cursor) {
            chunk.forEachLine { range in
                fold.add(chunk.bytes.span.extracting(range))
                return true
            }
            folded()
            if fold.buckets.count > limits.pendingBucketsMax { await flush() }
        }
        hasReplayed = true
        folded()
    }

    /// Reads where reading may block.
    private func next(of cursor: inout LogCursor) async throws -> LineChunk? {
        let (chunk, moved) = try await threads.runIfActive { [cursor] in
            var cursor = cursor
            return (try cursor.next(), cursor)
        }
        cursor = moved
        return chunk
    }
}
