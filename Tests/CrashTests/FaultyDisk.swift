import FaultSupport
import Foundation
import ServerSupport

/// A data folder whose server runs under the fault shim.
final class FaultyDisk: Sendable {
    /// What is there before the first start, and durable.
    enum Before {
        case nothing
        case dataFolder
        case logFolder
    }

    let data: String
    let control: FaultControl
    /// What power loss leaves of what was there before.
    let initial: FolderImage
    private let root: String
    private let scratch: TemporaryFolder

    init(_ before: Before = .logFolder) throws {
        scratch = try TemporaryFolder()
        root = scratch.path + "/root"
        data = root + "/data"
        let folder =
            switch before {
            case .nothing: root
            case .dataFolder: data
            case .logFolder: data + "/log"
            }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        initial = try FolderImage(path: root)
        control = try FaultControl(folder: scratch.path)
    }

    /// Starts a server whose disk can fail.
    func start(_ arguments: [String] = []) throws -> ServerProcess {
        try ServerProcess.start(folder: data, arguments: arguments, environment: environment)
    }

    var environment: [String: String] {
        get throws {
            // The daily copy would meet a fault that is meant for the log.
            try control.environment(root: root).merging(["TIDEMARK_CONTROL_COPIES_KEPT": "0"]) {
                $1
            }
        }
    }

    /// Starts a server on the same folder whose disk does as it is told.
    func startWithoutShim() throws -> ServerProcess {
        try ServerProcess.start(folder: data)
    }

    /// The journal's length: an answer that comes later does not depend on what comes after it.
    var position: @Sendable () -> UInt64 {
        { [control] in (try? control.journalPosition()) ?? 0 }
    }

    func powerLoss() throws -> PowerLoss {
        PowerLoss(journal: try control.journal(), initial: initial)
    }
}
