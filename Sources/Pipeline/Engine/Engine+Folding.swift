internal import EventIndex
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
            while isFull, !Task.isCancelled { await flush() }
        }
    }

    private var isFull: Bool {
        fold.buckets.count > limits.pendingBucketsMax || chapters.count > limits.pendingChaptersMax
    }

    /// Lines that are folded before others may have the actor: some milliseconds' worth.
    private static let stepLines = 1_000

    private func fold(_ block: LineBlock) async {
        var next = 0
        while next < block.count {
            let end = min(block.count, next + Self.stepLines)
            if let place = block.place {
                indexing.add(block.bytes.span, starts: block.starts(next..<end), at: place)
                takeChapters()
            }
            while next < end {
                fold.add(block.bytes.span.extracting(block.range(at: next)))
                next += 1
            }
            folded()
            await Task.yield()
        }
    }

    /// Folds what the log held beyond the store when it was opened.
    private func replay() async throws {
        var cursor = try replayed.lines(after: min(fold.position.lastID, indexing.position))
        while let chunk = try await next(of: &cursor) {
            chunk.forEachLine { range in
                fold.add(chunk.bytes.span.extracting(range))
                return true
            }
            indexing.add(chunk, of: replayed)
            takeChapters()
            folded()
            if isFull { await flush() }
        }
        hasReplayed = true
        folded()
    }

    private func takeChapters() {
        let finished = indexing.take()
        index.add(finished)
        chapters += finished
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
