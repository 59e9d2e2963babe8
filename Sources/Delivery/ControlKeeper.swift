public import ServiceLifecycle
public import Storage
public import TimeSeries

/// Makes the daily copy of the control store, and removes old history.
public struct ControlKeeper: Service {
    /// What was last made may be of yesterday for so long.
    private static let intervalSeconds = 600

    private let store: ControlStore
    private let now: @Sendable () -> Timestamp
    private let report: @Sendable (String) -> Void

    public init(
        _ store: ControlStore, now: @escaping @Sendable () -> Timestamp,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.store = store
        self.now = now
        self.report = report
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat {
                await keep()
            } while (try? await Task.sleep(for: .seconds(Self.intervalSeconds))) != nil
        }
    }

    private func keep() async {
        do throws(StorageError) {
            _ = try await store.copyDaily(now())
            try await store.prune(now())
        } catch  where error.code != .cancelled {
            report("\(error)")
        } catch {}
    }
}
