internal import ArgumentParser
internal import Daemon
internal import Foundation
internal import NIOPosix
internal import Pipeline

/// `tidemark retention plan | apply`
struct RetentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Shows or does what the retention policy takes away now.",
        discussion: """
            A server does it by itself, every retention_milliseconds. Raw lines go partition by partition, the \
            oldest first; what was counted from them stays, but for buckets past the age of their interval.
            """,
        subcommands: [Plan.self, Apply.self])

    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows what would be taken away. Nothing is changed.")

        @OptionGroup var place: RetentionPlaceOptions

        func run() async throws {
            let report = try await place.report("GET") { folder throws(RetentionFailure) in
                try await folder.plan()
            }
            try Console.write(Array(RetentionText(report, "would remove").text.utf8))
        }
    }

    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes it away.",
            discussion: "With --data no server may use the data folder meanwhile.")

        @OptionGroup var place: RetentionPlaceOptions

        func run() async throws {
            let report = try await place.report("POST") { folder throws(RetentionFailure) in
                try await folder.apply()
            }
            try Console.write(Array(RetentionText(report, "removed").text.utf8))
        }
    }
}

/// `--url` and `--token`, or `--data` with `--retention`
struct RetentionPlaceOptions: ParsableArguments {
    @Option(help: "The server. (default: $TIDEMARK_URL, or http://127.0.0.1:4000)")
    var url: String?

    @Option(help: "The access token. (default: $TIDEMARK_TOKEN)")
    var token: String?

    @Option(help: "This data folder instead of a server's.", completion: .directory)
    var data: String?

    @Option(
        help:
            "With --data: the policy, a file or a folder with one. (default: as the settings say)",
        completion: .file())
    var retention: String?

    @Option(help: "With --data: the server's config file.", completion: .file())
    var config: String?

    func validate() throws {
        guard url == nil || data == nil else {
            throw ValidationError("--url and --data cannot go together")
        }
        guard retention == nil || data != nil else {
            throw ValidationError("--retention goes with --data; a server has its own policy")
        }
    }

    fileprivate func report(
        _ method: String,
        _ body: (FolderRetention) async throws(RetentionFailure) -> RetentionReport
    ) async throws -> RetentionReport {
        guard let data else { return try await ask(method) }
        let settings = try RecountSettings.resolve(data: data, config: config)
        do {
            let policy = try DefinitionFiles.retention(retention ?? settings.retention)
            return try await body(
                FolderRetention(
                    folder: settings.data, policy, limits: settings.engine, threads: .singleton,
                    now: Daemon.now))
        } catch let failure as Daemon.StartFailure {
            throw CommandFailure(message: failure.message, hints: [failure.hint])
        } catch let failure as RetentionFailure {
            throw CommandFailure(
                message: failure.description,
                hints: ["a running server does it: leave out --data to ask it"])
        }
    }

    private func ask(_ method: String) async throws -> RetentionReport {
        let environment = ProcessInfo.processInfo.environment
        let client = try ServerClient(
            url: url ?? environment["TIDEMARK_URL"] ?? "http://127.0.0.1:4000",
            token: token ?? environment["TIDEMARK_TOKEN"])
        var bytes: [UInt8] = []
        do {
            try await client.send(method, "/retention", type: "application/json") { bytes += $0 }
        } catch {
            await client.close()
            throw error
        }
        await client.close()
        return try JSONDecoder().decode(RetentionReport.self, from: Data(bytes))
    }
}

/// A row a partition, then the floors.
private struct RetentionText {
    private let report: RetentionReport
    private let verb: String

    init(_ report: RetentionReport, _ verb: String) {
        (self.report, self.verb) = (report, verb)
    }

    var text: String {
        var text =
            "the log takes \(ByteCount(Int(report.rawBytes))), the data folder "
            + "\(ByteCount(Int(report.folderBytes))); \(ByteCount(Int(report.freeBytes))) are free\n"
        if report.isEmpty { text += "nothing is past its limit\n" }
        if !report.partitions.isEmpty { text += "\(verb):\n" + table + "\n" }
        for (interval, floor) in report.floors.sorted(by: { $0.key < $1.key }) {
            text += "\(verb) buckets of \(interval) before \(floor)\n"
        }
        return text + obstacle
    }

    private var table: String {
        var table = TextTable(["partition", "ids", "size", "why"])
        for partition in report.partitions {
            table.append([
                partition.file, "\(partition.firstID) to \(partition.lastID)",
                "\(ByteCount(Int(partition.bytes)))",
                partition.reason.replacing("_", with: " "),
            ])
        }
        return table.text
    }

    private var obstacle: String {
        switch report.obstacle {
        case "uncounted": "more is past a limit, but not counted yet: it stays until it is\n"
        case "newest_partition":
            "more is past a limit, but the newest partition stays until it is closed\n"
        default: ""
        }
    }
}
