internal import ArgumentParser
internal import Backup
internal import Daemon
internal import Foundation
internal import TimeSeries

/// `tidemark backup`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies a data folder, also while a server uses it.",
        discussion: """
            The copy is of one moment: all that was acknowledged before is in it, and its rollups are not \
            ahead of its log. manifest.json, with the size and SHA-256 of every file, is written last.
            """)

    @Argument(help: "Where to: a folder that is missing or empty.", completion: .directory)
    var folder: String

    @Option(help: "The data folder. (default: $TIDEMARK_DATA, or data)", completion: .directory)
    var data: String?

    func run() async throws {
        let source =
            data ?? ProcessInfo.processInfo.environment["TIDEMARK_DATA"] ?? Settings().data
        let backup = Backup(
            of: source, to: folder, version: Daemon.version, now: Daemon.now())
        var progress = CopyProgress("copied")
        let report: Backup.Report
        do throws(BackupFailure) {
            defer { progress.clear() }
            report = try backup.run { progress.add($0) }
        } catch {
            throw CommandFailure(error)
        }
        let text =
            "\(report.files) files, \(ByteCount(report.bytes)), up to event \(report.lastID.value)\n"
        try Console.write(Array(text.utf8))
    }
}

/// `tidemark restore`
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Makes a data folder of a backup.",
        discussion: """
            Every file is held against the backup's manifest; where one is missing or differs, nothing is \
            restored. The log keeps its log_id, and ids go on rising from its last one.
            """)

    @Argument(help: "The backup.", completion: .directory)
    var folder: String

    @Option(help: "The new data folder: one that is missing or empty.", completion: .directory)
    var data: String

    func run() async throws {
        var progress = CopyProgress("restored")
        let report: (files: Int, bytes: Int)
        do throws(BackupFailure) {
            defer { progress.clear() }
            report = try Restore(of: folder, to: data).run { progress.add($0) }
        } catch {
            throw CommandFailure(error)
        }
        try Console.write(Array("\(report.files) files, \(ByteCount(report.bytes))\n".utf8))
    }
}

/// Says how much is copied.
private struct CopyProgress {
    private let verb: String
    private var line = Progress()
    private var bytes = 0

    init(_ verb: String) {
        self.verb = verb
    }

    mutating func add(_ count: Int) {
        bytes += count
        let text = "\(verb) \(ByteCount(bytes))"
        line.show(text)
    }

    mutating func clear() { line.clear() }
}

extension CommandFailure {
    fileprivate init(_ failure: BackupFailure) {
        self.init(message: failure.message, hints: [failure.hint])
    }
}
