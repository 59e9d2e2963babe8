import Dispatch
import EventLog
import Foundation
import NIOPosix
import Pipeline
import Synchronization
import Testing
import TestSupport
import TimeSeries

@Suite struct `Questions that read files` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `are refused beyond a limit, at that moment only`() async throws {
        let pipeline = try await Pipeline.open(folder)
        let gate = Gate(pipeline.log)
        var limits = EventReader.Limits()
        limits.scansMax = 3
        let threads = NIOThreadPool(numberOfThreads: 4)
        threads.start()
        let reader = EventReader(
            source: { () throws(LogError) in gate.pass() }, recent: RecentEvents(),
            index: LogIndex(), threads: threads, limits: limits)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<3 {
                tasks.addTask { _ = try await reader.page(EventQuery(), limit: 1) }
            }
            try await eventually { gate.waiting == 3 }
            await expectRefusal { _ = try await reader.page(EventQuery(), limit: 1) }
            await expectRefusal { _ = try await reader.event(.first) }
            await expectRefusal { _ = try await reader.stream(EventQuery()) }
            await expectRefusal { _ = try await reader.filterOptions() }
            gate.open()
            try await tasks.waitForAll()
        }
        _ = try await reader.page(EventQuery(), limit: 1)
        try await threads.shutdownGracefully()
    }

    @Test func `give their place back when they fail`() async throws {
        let missing = folder.path + "/missing"
        var limits = EventReader.Limits()
        limits.scansMax = 1
        let reader = EventReader(
            source: { () throws(LogError) in try EventLog.readOnlySnapshot(folder: missing) },
            recent: RecentEvents(), index: LogIndex(), threads: .singleton,
            limits: limits)
        for _ in 0..<5 {
            do {
                _ = try await reader.page(EventQuery(), limit: 1)
                Issue.record("a folder that is not there was read")
            } catch EventReader.Refusal.failed(let error) {
                #expect(error.operation == "list the folder")
            }
        }
    }

    private func expectRefusal(_ question: () async throws -> Void) async {
        do {
            try await question()
            Issue.record("it was answered")
        } catch EventReader.Refusal.tooManyScans {
        } catch {
            Issue.record(error)
        }
    }
}

/// Holds those who want to read the log, until it is opened.
private final class Gate: Sendable {
    private let log: EventLog
    private let count = Mutex(0)
    private let lock = DispatchSemaphore(value: 0)

    init(_ log: EventLog) {
        self.log = log
    }

    var waiting: Int { count.withLock { $0 } }

    func pass() -> LogSnapshot {
        count.withLock { $0 += 1 }
        lock.wait()
        lock.signal()
        return log.snapshot()
    }

    func open() { lock.signal() }
}
