public import ServiceLifecycle
public import TimeSeries

/// Judges each minute when it is due, those that were missed first.
public struct KPIService: Service {
    private let judge: KPIJudge
    private let now: @Sendable () -> Timestamp
    private let report: @Sendable (any Error) -> Void

    private static let pause = Duration.milliseconds(250)
    private static let retryPause = Duration.seconds(2)

    /// - Parameter report: told why a tick could not be judged; it is tried again.
    public init(
        _ judge: KPIJudge, now: @escaping @Sendable () -> Timestamp,
        report: @escaping @Sendable (any Error) -> Void
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
                    try await judge.judge(tick)
                } catch {
                    guard !Task.isCancelled else { return }
                    report(error)
                    try? await Task.sleep(for: Self.retryPause)
                }
                tick = await judge.nextTick(now: now())
            }
        }
    }
}
