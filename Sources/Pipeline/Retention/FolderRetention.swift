internal import EventLog
internal import Foundation
public import NIOPosix
public import Retention
internal import Storage
public import TimeSeries

/// Carries out a policy in a data folder without a server.
public struct FolderRetention: Sendable {
    private let folder: String
    private let policy: RetentionPolicy
    private let limits: Engine.Limits
    private let threads: NIOThreadPool
    private let now: @Sendable () -> Timestamp

    /// - Parameter limits: as the server has them.
    public init(
        folder: String, _ policy: RetentionPolicy, limits: Engine.Limits, threads: NIOThreadPool,
        now: @escaping @Sendable () -> Timestamp
    ) throws(RetentionFailure) {
        guard FileManager.default.fileExists(atPath: folder + "/log") else {
            throw RetentionFailure("\(folder) is no data folder")
        }
        (self.folder, self.policy, self.limits) = (folder, policy, limits)
        (self.threads, self.now) = (threads, now)
    }

    private var storePath: String { folder + "/" + DerivedStore.fileName }

    /// What would be taken away now; also beside a server. Nothing is changed.
    public func plan() async throws(RetentionFailure) -> RetentionReport {
        do {
            let log = try await threads.runIfActive { [folder] in
                try EventLog.readOnlySnapshot(folder: folder + "/log")
            }
            let contents = try await FolderContents.read(folder, log, try reader(), threads)
            return RetentionReport(RetentionPlan(policy, contents, now: now()), contents)
        } catch {
            throw RetentionFailure(error)
        }
    }

    private func reader() throws -> DerivedReader? {
        guard FileManager.default.fileExists(atPath: storePath) else { return nil }
        return try DerivedReader(readingOnly: storePath, limits: limits.store)
    }

    /// Takes it away, as far as its lines are counted. The folder belongs to it meanwhile.
    public func apply() async throws(RetentionFailure) -> RetentionReport {
        do {
            let lock = try FolderLock(folder: folder)
            let log = try await threads.runIfActive { [folder] in
                try EventLog.open(folder: folder + "/log") { UUID().uuidString.lowercased() }.log
            }
            let store = try DerivedStore(path: storePath, limits: limits.store)
            let worker = RetentionWorker(
                policy, folder: folder, log: log, store: store, limits: limits, threads: threads,
                now: now)
            let report = try await worker.apply()
            try store.close()
            withExtendedLifetime(lock) {}
            return report
        } catch {
            throw RetentionFailure(error)
        }
    }
}
