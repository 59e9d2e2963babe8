internal import Foundation

/// The real binary, serving a data folder on a free port of loopback.
public final class ServerProcess: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    public let port: Int
    public let pid: Int32
    public let folder: String
    private let process: RunningProcess

    /// Starts `tidemark serve` and returns once it listens.
    /// - Parameters:
    ///   - folder: the data folder.
    ///   - environment: added to the test's own. The server sends no numbers of its own, unless it says
    ///     so: their lines take ids at moments that no test knows. Nor does it remove anything.
    ///   - preparation: shell commands that the process runs before it becomes the server.
    public static func start(
        folder: String, arguments: [String] = [], environment: [String: String] = [:],
        preparation: String = ""
    ) throws -> ServerProcess {
        let tool = Products.executable("tidemark")
        let environment = [
            "TIDEMARK_TELEMETRY_MILLISECONDS": "0", "TIDEMARK_RETENTION": Self.keepEverything,
        ].merging(environment) { $1 }
        let arguments = ["serve", "--port", "0", "--data", folder] + arguments
        let process =
            try preparation.isEmpty
            ? RunningProcess(tool, arguments, environment)
            : RunningProcess(
                "/bin/sh", ["-c", preparation + "; exec \"$0\" \"$@\"", tool] + arguments,
                environment)
        while let line = process.readLine() {
            let parts = line.split(separator: ":")
            if line.hasPrefix("listening on"), let port = parts.last.flatMap({ Int($0) }) {
                return ServerProcess(port, folder, process)
            }
        }
        _ = process.waitForExit()
        throw Failure(description: "the server did not start: \(process.errorText)")
    }

    private static let keepEverything =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/keep-everything.yaml"

    private init(_ port: Int, _ folder: String, _ process: RunningProcess) {
        self.port = port
        self.folder = folder
        self.process = process
        pid = process.pid
    }

    deinit {
        process.signal(SIGKILL)
        _ = process.waitForExit()
    }

    public var url: String { "http://127.0.0.1:\(port)" }
    /// What it has written to standard error so far.
    public var errorText: String { process.errorText }

    /// Ends it as a crash would.
    public func kill() {
        process.signal(SIGKILL)
        _ = process.waitForExit()
    }

    /// Ends it gracefully.
    /// - Returns: its exit status.
    @discardableResult
    public func terminate() -> Int32 {
        process.signal(SIGTERM)
        return process.waitForExit()
    }

    public func connect() throws -> HTTPConnection {
        try HTTPConnection(port: port)
    }

    /// Stops it in its tracks, as a debugger would; `false` lets it go on.
    public func pause(_ isPaused: Bool) {
        process.signal(isPaused ? SIGSTOP : SIGCONT)
    }
}

// MARK: Memory

extension ServerProcess {
    /// Resident set, in bytes.
    public var residentBytes: Int { bytes("VmRSS:") }

    /// The largest resident set since the start or the last reset, in bytes.
    public var peakResidentBytes: Int { bytes("VmHWM:") }

    public func resetPeakResidentBytes() throws {
        // Linux, proc(5): 5 sets the peak to the present.
        try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/\(pid)/clear_refs"))
    }

    private func bytes(_ name: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        let kilobytes = line?.split { $0 == " " || $0 == "\t" }.dropFirst().first
        return (kilobytes.flatMap { Int($0) } ?? 0) * 1_024
    }
}
