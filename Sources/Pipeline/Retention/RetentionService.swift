internal import Foundation
public import Retention
public import ServiceLifecycle

/// Watches the room on the disk, and carries out a policy now and then.
public struct RetentionService: Service {
    public enum Outcome: Sendable {
        case applied(RetentionReport)
        case failed(RetentionFailure)
        case pressure(DiskSpace.Pressure, freeBytes: Int64)
    }

    /// Between two looks at the disk: what events of this time take, the floor must leave room for.
    private static let lookMilliseconds: Int64 = 1_000

    private let worker: RetentionWorker
    private let disk: DiskSpace
    private let policy: RetentionPolicy
    private let folder: String
    private let everyMilliseconds: Int64
    private let listener: @Sendable (Outcome) -> Void

    /// - Parameter everyMilliseconds: between two runs.
    public init(
        _ worker: RetentionWorker, _ disk: DiskSpace, _ policy: RetentionPolicy, folder: String,
        everyMilliseconds: Int64, listener: @escaping @Sendable (Outcome) -> Void
    ) {
        (self.worker, self.disk, self.policy, self.folder) = (worker, disk, policy, folder)
        (self.everyMilliseconds, self.listener) = (everyMilliseconds, listener)
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var next = ContinuousClock.now
            var lastFailure: String?
            repeat {
                look()
                guard ContinuousClock.now >= next else { continue }
                await work(&lastFailure)
                next = .now + .milliseconds(everyMilliseconds)
            } while (try? await Task.sleep(for: .milliseconds(pause))) != nil
        }
    }

    private var pause: Int64 { min(Self.lookMilliseconds, everyMilliseconds) }

    private func look() {
        guard let freeBytes = try? FileSizes.freeBytes(at: folder) else { return }
        let old = disk.update(freeBytes: freeBytes, policy.disk)
        let pressure = disk.report.pressure
        if pressure != old { listener(.pressure(pressure, freeBytes: freeBytes)) }
    }

    /// What fails again in the same way is told of once; what the end of the server cuts short, the next start
    /// goes on with.
    private func work(_ lastFailure: inout String?) async {
        do throws(RetentionFailure) {
            let report = try await worker.apply()
            lastFailure = nil
            if !report.isEmpty { listener(.applied(report)) }
            disk.update(folderBytes: try await worker.folderBytes())
        } catch {
            guard !Task.isCancelled else { return }
            let isNews = !error.isBusy && error.description != lastFailure
            lastFailure = error.description
            if isNews { listener(.failed(error)) }
        }
    }
}
