public import EventLog
internal import Foundation
public import Sealing
public import ServiceLifecycle
internal import Synchronization
public import TimeSeries

/// How the log's partitions are sealed.
public struct SealingPolicy: Sendable {
    /// Of zstd; 0 seals none.
    public var level = 12
    /// Of a partition, from its beginning: until then it can be read as plain text.
    public var ageMilliseconds: Int64 = 3_600_000
    /// Of the plain file in one frame: what one event out of a sealed partition costs to read.
    public var frameBytes = 1 << 20

    public init() {}

    /// Whether a closed partition that was begun at a moment is to be sealed by now.
    public func isDue(_ start: Timestamp, now: Timestamp) -> Bool {
        now.milliseconds - start.milliseconds >= ageMilliseconds
    }

    /// Nil where none are sealed.
    public var options: SealWriter.Options? {
        guard level > 0 else { return nil }
        var options = SealWriter.Options()
        options.level = level
        options.frameBytes = frameBytes
        return options
    }
}

/// Seals partitions in the background, one at a time, once they are closed and old enough.
///
/// A thread of the lowest priority does it: where the machine has work for senders or readers, that goes
/// first.
public struct SealingService: Service {
    public enum Outcome: Sendable {
        case sealed(SealedPartition)
        case failed(LogError, fileName: String)
    }

    private static let lookSeconds = 1
    /// A disk that is full will be full for a while.
    private static let retrySeconds = 60

    private let log: EventLog
    private let policy: SealingPolicy
    private let disk: DiskSpace
    private let now: @Sendable () -> Timestamp
    private let listener: @Sendable (Outcome) -> Void

    /// - Parameter disk: where there is little room, a partition is sealed as soon as it is closed.
    public init(
        _ log: EventLog, _ policy: SealingPolicy, disk: DiskSpace = DiskSpace(),
        now: @escaping @Sendable () -> Timestamp,
        listener: @escaping @Sendable (Outcome) -> Void
    ) {
        self.log = log
        self.policy = policy
        self.disk = disk
        self.now = now
        self.listener = listener
    }

    public func run() async throws {
        let isOver = Atomic(false)
        await cancelWhenGracefulShutdown {
            await withTaskCancellationHandler {
                var pause = Self.lookSeconds
                while (try? await Task.sleep(for: .seconds(pause))) != nil {
                    let isWell = await sealDue { isOver.load(ordering: .relaxed) }
                    pause = isWell ? Self.lookSeconds : Self.retrySeconds
                }
            } onCancel: {
                isOver.store(true, ordering: .relaxed)
            }
        }
    }

    /// - Returns: whether all could be sealed.
    private func sealDue(_ isOver: @escaping @Sendable () -> Bool) async -> Bool {
        guard let options = policy.options else { return true }
        var isWell = true
        for partition in log.sealable
        where disk.report.pressure > .none || policy.isDue(partition.name.start, now: now()) {
            guard let outcome = await seal(partition, options, isOver) else { break }
            listener(outcome)
            if case .failed = outcome { isWell = false }
        }
        return isWell
    }

    /// - Returns: nil where it was ended.
    private func seal(
        _ partition: Partition, _ options: SealWriter.Options,
        _ isOver: @escaping @Sendable () -> Bool
    ) async -> Outcome? {
        await withCheckedContinuation { continuation in
            let thread = Thread { [log] in
                Self.yieldToAll()
                do throws(LogError) {
                    let sealed = try log.seal(partition, options) { _ in !isOver() }
                    continuation.resume(returning: sealed.map(Outcome.sealed))
                } catch {
                    continuation.resume(
                        returning: .failed(error, fileName: partition.fileName))
                }
            }
            thread.name = "log sealer"
            thread.start()
        }
    }

    /// Linux, setpriority(2): 0 is the calling thread alone.
    private static func yieldToAll() {
        _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, lowestPriority)
    }

    private static let lowestPriority: Int32 = 19
}
