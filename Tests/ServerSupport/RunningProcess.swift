internal import Foundation
internal import Synchronization

/// A child process whose output can be read line by line.
///
/// Spawned with an empty signal mask: Foundation's own `Process` hands down that of the thread it is
/// started from, and a server that cannot be told to end cannot be tested for how it ends.
public final class RunningProcess: Sendable {
    fileprivate struct State {
        var output: [UInt8] = []
        var isAtEnd = false
        var errors: [UInt8] = []
        var status: Int32?
    }

    private static let spawning = Mutex(())

    public let pid: Int32
    private let state = Mutex(State())
    private let arrival = DispatchSemaphore(value: 0)
    /// Entered by the readers of both outputs and by the one who waits for the end.
    private let watchers = DispatchGroup()

    /// - Parameters:
    ///   - environment: added to the test's own.
    ///   - folder: to run in.
    public init(
        _ path: String, _ arguments: [String], _ environment: [String: String] = [:],
        in folder: String? = nil
    ) throws {
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let command = [path] + arguments
        let moved = folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0] + command }
        // One at a time: a child of another thread must not inherit the pipes before they are marked.
        let (pid, output, errors) = try Self.spawning.withLock { _ in
            let (output, errors) = (try Pipe.open(), try Pipe.open())
            defer {
                close(output.writer)
                close(errors.writer)
            }
            let pid = try Spawn.run(
                moved?[0] ?? path, moved ?? command, all.map { "\($0)=\($1)" },
                output: output.writer, errors: errors.writer)
            return (pid, output, errors)
        }
        self.pid = pid
        watch { process in
            process.read(output.reader) { state, bytes in
                state.output += bytes
                state.isAtEnd = bytes.isEmpty
            }
        }
        watch { process in
            process.read(errors.reader) { state, bytes in state.errors += bytes }
        }
        watch { process in process.reap() }
    }

    public var errorText: String { state.withLock { String(decoding: $0.errors, as: UTF8.self) } }
    /// What was not read line by line.
    public var outputText: String { state.withLock { String(decoding: $0.output, as: UTF8.self) } }

    /// Waits for the next line of standard output; nil at its end.
    public func readLine() -> String? {
        while true {
            let (line, isAtEnd) = state.withLock { ($0.takeLine(), $0.isAtEnd) }
            if let line { return line }
            if isAtEnd { return nil }
            arrival.wait()
        }
    }

    public func signal(_ number: Int32) {
        state.withLock { state in
            // Once its end is known, the number may belong to another process.
            if state.status == nil { _ = kill(pid, number) }
        }
    }

    /// - Returns: the exit status, or minus the signal that ended it. All output has been read.
    public func waitForExit() -> Int32 {
        watchers.wait()
        let status = state.withLock { $0.status } ?? 0
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }

    private func watch(_ body: @escaping @Sendable (RunningProcess) -> Void) {
        watchers.enter()
        let thread = Thread { [self] in
            body(self)
            watchers.leave()
        }
        thread.start()
    }

    private func read(_ descriptor: Int32, _ take: (inout State, ArraySlice<UInt8>) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            state.withLock { take(&$0, buffer[..<max(0, count)]) }
            arrival.signal()
            if count <= 0 { break }
        }
        close(descriptor)
    }

    private func reap() {
        var info = siginfo_t()
        // First without reaping, so that `signal` never meets a number that is free already.
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
        state.withLock { state in
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
            state.status = status
        }
    }
}

extension RunningProcess.State {
    fileprivate mutating func takeLine() -> String? {
        guard let end = output.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { output.removeSubrange(...end) }
        return String(decoding: output[..<end], as: UTF8.self)
    }
}
