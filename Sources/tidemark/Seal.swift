internal import ArgumentParser
internal import Daemon
internal import EventLog
internal import Foundation
internal import Pipeline

/// `tidemark seal`
struct Seal: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compresses the closed partitions of the log.",
        discussion: """
            A server does it by itself; no server may use the data folder meanwhile. The newest partition stays \
            plain. What is sealed is read as before, by zstdcat too.
            """)

    @Option(help: "The data folder. (default: data)", completion: .directory)
    var data: String?

    @Option(help: "Of zstd, 1 to 19; higher ones are denser and slower. (default: seal_level)")
    var level: Int?

    @Option(help: "The server's config file.", completion: .file())
    var config: String?

    func validate() throws {
        if let level, !(1...19).contains(level) {
            throw ValidationError("--level must be from 1 to 19")
        }
    }

    func run() throws {
        let settings = try RecountSettings.resolve(data: data, config: config)
        var policy = settings.sealing
        if let level { policy.level = level }
        guard let options = policy.options else {
            throw CommandFailure(
                message: "seal_level is 0: nothing is to be sealed", hints: ["give a --level"])
        }
        guard FileManager.default.fileExists(atPath: settings.data + "/log") else {
            throw CommandFailure(
                message: "\(settings.data) is no data folder", hints: ["it should hold log/"])
        }
        let start = ContinuousClock.now
        do throws(LogError) {
            let lock = try FolderLock(folder: settings.data)
            let log = try EventLog.open(folder: settings.data + "/log") {
                UUID().uuidString.lowercased()
            }.log
            let sealed = try seal(log, options)
            withExtendedLifetime(lock) {}
            try? Console.write(Array(Self.text(sealed, .now - start).utf8))
        } catch {
            throw CommandFailure(message: error.description, hints: Self.hints(error))
        }
    }

    private func seal(
        _ log: EventLog, _ options: SealOptions
    ) throws(LogError) -> [SealedPartition] {
        let partitions = log.sealable
        let total = partitions.reduce(0) { $0 + $1.length }
        var progress = Progress()
        defer { progress.clear() }
        var (sealed, done): ([SealedPartition], Int) = ([], 0)
        for partition in partitions {
            let one = try log.seal(partition, options) { bytes in
                progress.show("sealing: \((done + bytes) * 100 / max(total, 1)) %")
                return true
            }
            done += partition.length
            if let one { sealed.append(one) }
        }
        return sealed
    }

    private static func text(_ sealed: [SealedPartition], _ duration: Duration) -> String {
        guard !sealed.isEmpty else { return "nothing to seal: the newest partition stays plain\n" }
        let plain = sealed.reduce(0) { $0 + $1.plainBytes }
        let small = sealed.reduce(0) { $0 + $1.sealedBytes }
        let ratio = String(format: "%.1f", Double(plain) / Double(max(small, 1)))
        let seconds = String(format: "%.1f", duration / .seconds(1))
        return
            "sealed \(sealed.count) \(sealed.count == 1 ? "partition" : "partitions") in \(seconds) s: "
            + "\(ByteCount(plain)) became \(ByteCount(small)), \(ratio) times smaller\n"
    }

    private static func hints(_ error: LogError) -> [String] {
        switch error.code {
        case .locked: ["a server seals by itself, after seal_age_milliseconds"]
        case .noSpace: ["free space on that disk: a partition is there twice for a moment"]
        default: []
        }
    }
}
