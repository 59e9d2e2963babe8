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
    ///   - environment: added to the test's own.
    public static func start(
        folder: String, arguments: [String] = [], environment: [String: String] = [:]
    ) throws -> ServerProcess {
        let process = try RunningProcess(
            Products.executable("tidemark"),
            ["serve", "--port", "0", "--data", folder] + arguments, environment)
        while let line = process.readLine() {
            let parts = line.split(separator: ":")
            if line.hasPrefix("listening on"), let port = parts.last.flatMap({ Int($0) }) {
                return ServerProcess(port, folder, process)
            }
        }
        _ = process.waitForExit()
        throw Failure(description: "the server did not start: \(process.errorText)")
    }

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

    /// Resident set, in bytes.
    public var residentBytes: Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (kilobytes ?? 0) * 1_024
    }
}

/// Where the build put its products: beside the test bundle.
public enum Products {
    public static var folder: String {
        var folder = Bundle.main.bundleURL
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
            folder = bundle.bundleURL.deletingLastPathComponent()
        }
        return folder.path
    }

    public static func executable(_ name: String) -> String {
        let candidates = [folder, CommandLine.arguments[0]].flatMap { path in
            [path + "/" + name, URL(fileURLWithPath: path).deletingLastPathComponent().path + "/" + name]
        }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? candidates[0]
    }
}

/// A new folder, gone with the value that holds it.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tidemark-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
