internal import Foundation
internal import Synchronization

/// A child process whose output can be read line by line.
public final class RunningProcess: Sendable {
    fileprivate struct State {
        var output: [UInt8] = []
        var isAtEnd = false
        var errors: [UInt8] = []
    }

    private let process: Process
    private let state = Mutex(State())
    private let arrival = DispatchSemaphore(value: 0)
    private let readers = DispatchGroup()

    /// - Parameters:
    ///   - environment: added to the test's own.
    ///   - folder: to run in.
    public init(
        _ path: String, _ arguments: [String], _ environment: [String: String] = [:],
        in folder: String? = nil
    ) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let (output, errors) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        read(output.fileHandleForReading) { state, bytes in
            state.output += bytes
            state.isAtEnd = bytes.isEmpty
        }
        read(errors.fileHandleForReading) { state, bytes in state.errors += bytes }
    }

    public var pid: Int32 { process.processIdentifier }
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
        if process.isRunning { _ = kill(pid, number) }
    }

    /// - Returns: the exit status, or minus the signal that ended it. All output has been read.
    public func waitForExit() -> Int32 {
        process.waitUntilExit()
        readers.wait()
        let status = process.terminationStatus
        return process.terminationReason == .exit ? status : -status
    }

    private func read(
        _ handle: FileHandle, _ take: @escaping @Sendable (inout State, Data) -> Void
    ) {
        readers.enter()
        let thread = Thread { [self] in
            while true {
                let bytes = handle.availableData
                state.withLock { take(&$0, bytes) }
                arrival.signal()
                if bytes.isEmpty { break }
            }
            readers.leave()
        }
        thread.start()
    }
}

extension RunningProcess.State {
    fileprivate mutating func takeLine() -> String? {
        guard let end = output.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { output.removeSubrange(...end) }
        return String(decoding: output[..<end], as: UTF8.self)
    }
}
