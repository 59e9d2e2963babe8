import FaultSupport
import Foundation

/// A scratch folder in which shell scripts run under the shim.
final class Sandbox: Sendable {
    let root: String
    let control: FaultControl
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/faults-" + UUID().uuidString
        root = folder + "/root"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        control = try FaultControl(folder: folder)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Runs a script in the root, and returns what it printed.
    @discardableResult
    func run(_ script: String, faults: [Fault] = []) throws -> String {
        for fault in faults {
            try control.set(fault)
        }
        let process = try start(script)
        process.waitUntilExit()
        return try String(contentsOfFile: output, encoding: .utf8)
    }

    func start(_ script: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = URL(fileURLWithPath: root)
        process.environment = try control.environment(root: root)
            .merging(["PATH": "/usr/bin:/bin", "LC_ALL": "C"]) { shim, _ in shim }
        try Data().write(to: URL(fileURLWithPath: output))
        let handle = FileHandle(forWritingAtPath: output)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    func operations() throws -> [FaultOperation] {
        try control.journal().operations
    }

    func powerLoss(initial: FolderImage = FolderImage()) throws -> PowerLoss {
        PowerLoss(journal: try control.journal(), initial: initial)
    }

    /// What the running system shows, power or no power.
    func content() throws -> FolderImage {
        try FolderImage(path: root)
    }

    private var output: String { folder + "/output" }
}

extension PowerLoss {
    /// The states after many power losses of both kinds.
    func manyImages(after operationCount: Int? = nil) throws -> [FolderImage] {
        try (0..<80).map { seed in
            try image(
                after: operationCount,
                mode: seed < 40 ? .random(seed: seed) : .adversarial(seed: seed))
        }
    }

    func worstImage(after operationCount: Int? = nil) throws -> FolderImage {
        try image(after: operationCount, mode: .dropEverythingUnsynced)
    }
}

extension FolderImage {
    func text(_ path: String) -> String? {
        files[path].map { String(decoding: $0, as: UTF8.self) }
    }
}
