public import ServiceLifecycle
public import TimeSeries

/// Judges each minute when it is due, those that were missed first.
public struct KPIService: Service {
    private let judge: KPIJudge
    private let now: @Sendable () -> Timestamp
    private let report: @Sendable (Trouble) -> Void

    private static let pause = Duration.milliseconds(250)
    private static let retryPause = Duration.seconds(2)

    public enum Trouble: Sendable {
        /// A tick could not be judged; it is tried again.
        case notJudged(any Error)
        /// These stay as they are: `kpi_window_buckets_max`.
        case tooManyBuckets([String])
    }

    public init(
        _ judge: KPIJudge, now: @escaping @Sendable () -> Timestamp,
        report: @escaping @Sendable (Trouble) -> Void
    ) {
        self.judge = judge
        self.now = now
        self.report = report
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var tick = await judge.nextTick(now: now())
            while !Task.isCancelled {
                guard judge.isDue(tick, now: now()) else {
                    try? await Task.sleep(for: Self.pause)
                    continue
                }
                do {
                    let passedOver = try await judge.judge(tick)
                    if !passedOver.isEmpty { report(.tooManyBuckets(passedOver)) }
                } catch {
                    guard !Task.isCancelled else { return }
                    report(.notJudged(error))
                    try? await Task.sleep(for: Self.retryPause)
                }
                tick = await judge.nextTick(now: now())
            }
        }
    }
}
