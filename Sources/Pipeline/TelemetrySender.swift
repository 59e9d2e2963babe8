internal import Intake
public import ServiceLifecycle
public import TimeSeries

/// Sends Tidemark's own numbers through the log now and then, as an ordinary client of the queue.
///
/// Its line is also what the folds' clock moves by where nothing else arrives.
public struct TelemetrySender: Service {
    private let widthMilliseconds: Int64
    private let telemetry: Telemetry
    private let queue: IngestQueue
    private let disk: DiskSpace
    private let now: @Sendable () -> Timestamp

    /// - Parameter widthMilliseconds: samples are cut at marks of this width since the epoch; 0 sends none.
    public init(
        _ telemetry: Telemetry, every widthMilliseconds: Int64, queue: IngestQueue,
        disk: DiskSpace, now: @escaping @Sendable () -> Timestamp
    ) {
        self.widthMilliseconds = widthMilliseconds
        self.telemetry = telemetry
        self.queue = queue
        self.disk = disk
        self.now = now
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .milliseconds(untilNextMark))) != nil {
                if widthMilliseconds > 0 { send() }
            }
        }
    }

    private var untilNextMark: Int64 {
        guard widthMilliseconds > 0 else { return 86_400_000 }
        return widthMilliseconds - now().milliseconds % widthMilliseconds
    }

    /// A queue that is full, or a disk that fails, costs these samples and nothing else.
    private func send() {
        let samples = telemetry.take().samples(
            at: now(), overMilliseconds: widthMilliseconds, queueDepth: queue.depth,
            residentBytes: ProcessMemory.residentBytes, disk: disk.report)
        _ = try? queue.submit(EventBatch(samples), isOwn: true)
    }
}
