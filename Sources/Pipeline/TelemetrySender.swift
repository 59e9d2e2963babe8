internal import Intake
public import ServiceLifecycle
public import TimeSeries

/// Sends Tidemark's own numbers through the log every ten seconds, as an ordinary client of the queue.
///
/// Its line is also what the folds' clock moves by where nothing else arrives.
public struct TelemetrySender: Service {
    /// Samples are cut at marks of this width since the epoch, so a minute holds six of them.
    public static let widthMilliseconds: Int64 = 10_000

    private let telemetry: Telemetry
    private let queue: IngestQueue
    private let now: @Sendable () -> Timestamp

    public init(
        _ telemetry: Telemetry, queue: IngestQueue, now: @escaping @Sendable () -> Timestamp
    ) {
        self.telemetry = telemetry
        self.queue = queue
        self.now = now
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .milliseconds(untilNextMark))) != nil { send() }
        }
    }

    private var untilNextMark: Int64 {
        Self.widthMilliseconds - now().milliseconds % Self.widthMilliseconds
    }

    /// A queue that is full, or a disk that fails, costs these samples and nothing else.
    private func send() {
        let samples = telemetry.take().samples(
            at: now(), overMilliseconds: Self.widthMilliseconds, queueDepth: queue.depth,
            residentBytes: ProcessMemory.residentBytes)
        _ = try? queue.submit(EventBatch(samples))
    }
}
