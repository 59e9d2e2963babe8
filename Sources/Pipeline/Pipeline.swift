internal import EventLine
public import EventLog
internal import Foundation
public import Intake
public import NIOPosix
public import ServiceLifecycle
public import TimeSeries

/// Everything between a validated batch and those who read events: queue, writer, log, reader.
///
/// It is a service: it runs until a graceful shutdown, then writes what waits and ends.
public struct Pipeline: Service {
    public struct Limits: Sendable {
        public var log = EventLog.Limits()
        public var queue = IngestQueue.Limits()
        public var recent = RecentEvents.Limits()
        public var reader = EventReader.Limits()
        public var dedupe = DedupeWindow.Limits()
        public var transcripts = TranscriptWindow.Limits()
        public var options = FilterOptions.Limits()
        public var feed = FoldFeed.Limits()
        public var streams = Broadcaster.Limits()

        public init() {}
    }

    public let queue: IngestQueue
    public let reader: EventReader
    public let health: LogHealth
    public let log: EventLog
    public let recovery: RecoveryReport
    public let keys: EventKeys
    public let telemetry = Telemetry()
    public let disk = DiskSpace()
    /// What is written, for the engine to fold.
    public let feed: FoldFeed
    /// Where events stand, for the engine to know and the reader to use.
    public let index: LogIndex
    /// The same, for the broadcaster.
    public let streams: StreamFeed
    public let streamLimits: Broadcaster.Limits
    private let writer: WriterThread

    /// Opens the log and restores what is kept in memory.
    /// - Parameters:
    ///   - folder: `data/log`.
    ///   - damageListener: told of sealed lines that cannot be read, when somebody reads there.
    public init(
        folder: String, limits: Limits = Limits(), threads: NIOThreadPool,
        damageListener: @escaping DamageListener = { _ in },
        makeLogID: () -> String, now: @escaping @Sendable () -> Timestamp
    ) async throws {
        let (log, recovery) = try EventLog.open(
            folder: folder, limits: limits.log, damageListener: damageListener,
            makeLogID: makeLogID)
        let recent = RecentEvents(limits: limits.recent)
        let keys = EventKeys()
        let restored = try await RestoredState(log, keys, limits, recent, threads)
        var appender = try log.makeAppender()
        // A new log has its name on the disk before anybody hears it.
        if log.snapshot().partitions.isEmpty {
            try appender.prepare(firstID: log.lastID.advanced(by: 1), now: now())
        }
        feed = FoldFeed(limits: limits.feed)
        index = LogIndex()
        streamLimits = limits.streams
        streams = StreamFeed(limits: limits.streams.feed)
        queue = IngestQueue(limits: limits.queue, feed: feed, disk: disk)
        health = LogHealth()
        self.log = log
        self.recovery = recovery
        self.keys = keys
        reader = EventReader(
            source: { () throws(LogError) in log.snapshot() }, recent: recent, index: index,
            options: limits.options, threads: threads, limits: limits.reader)
        writer = WriterThread(
            LogWriter(
                queue: queue,
                observers: LogWriter.Observers(
                    recent: recent, feed: feed, streams: streams, health: health,
                    telemetry: telemetry),
                appender: appender, window: restored.window, transcripts: restored.transcripts,
                nextID: log.lastID.advanced(by: 1), now: now))
    }

    public func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await writer.run()
        } onCancelOrGracefulShutdown: {
            queue.close()
        }
    }
}

/// Runs the writer on a thread of its own and tells when it has ended.
private final class WriterThread: @unchecked Sendable {
    // @unchecked: the writer is handed over once, before the thread begins, and used by it alone.
    private var writer: LogWriter?

    init(_ writer: consuming LogWriter) {
        self.writer = consume writer
    }

    func run() async {
        await withCheckedContinuation { continuation in
            let thread = Thread { [self] in
                writer?.run()
                continuation.resume()
            }
            thread.name = "log writer"
            thread.start()
        }
    }
}
