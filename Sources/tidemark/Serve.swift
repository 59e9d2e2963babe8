internal import ArgumentParser
internal import Daemon
internal import Foundation
internal import Logging

/// `tidemark serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the server.",
        discussion: """
            Every setting is a flag or --set KEY=VALUE, an environment variable (TIDEMARK_PORT) and a key \
            of the config file; flag > environment > file > default. `tidemark settings` lists them all.
            """)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        Heap.keepSmall()
        let settings = try options.resolve().settings
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        var logger = Logger(label: "tidemark")
        logger.logLevel = .notice
        do {
            try await Daemon.run(settings, logger: logger) { address in
                print("listening on \(address)")
                fflush(nil)
            }
        } catch let failure as Daemon.StartFailure {
            throw CommandFailure(message: failure.message, hints: [failure.hint])
        } catch {
            throw CommandFailure(message: "the server ended: \(error)")
        }
    }
}

/// The settings that have flags of their own, and a way to give the others.
struct SettingsOptions: ParsableArguments {
    @Option(
        help:
            "Address to listen on; only loopback until there are access tokens. (default: 127.0.0.1)"
    )
    var host: String?

    @Option(help: "Port to listen on; 0 picks a free one. (default: 4000)")
    var port: Int?

    @Option(
        help: "The data folder; created where it is missing. (default: data)",
        completion: .directory)
    var data: String?

    @Option(
        help: "The config file. (default: tidemark.yaml, where there is one)", completion: .file())
    var config: String?

    @Option(help: "A file with further redaction rules.", completion: .file())
    var redaction: String?

    @Option(help: "A file with metrics of your own.", completion: .file())
    var catalogue: String?

    @Option(help: "A file with webhooks.", completion: .file())
    var webhooks: String?

    @Option(
        help: "A file with what is kept and how long, or a folder with one such file.",
        completion: .file())
    var retention: String?

    @Option(
        help: "A file with what is judged, or a folder with one such file.", completion: .file())
    var kpis: String?

    @Option(
        name: .customLong("allow-host"),
        help: "A further name under which the server may be addressed. Repeatable.")
    var allowHosts: [String] = []

    @Option(
        name: .customLong("allow-origin"),
        help: "An origin whose pages may use the server, such as http://localhost:5173. Repeatable."
    )
    var allowOrigins: [String] = []

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Any other setting. Repeatable.", valueName: "key=value"))
    var others: [String] = []

    func resolve() throws -> ResolvedSettings {
        do {
            return try ResolvedSettings(
                flags: try flags(), environment: ProcessInfo.processInfo.environment, file: config)
        } catch let faults as SettingsFaults {
            throw CommandFailure(
                message: faults.faults.joined(separator: "\n       "),
                hints: ["tidemark settings lists all settings with their units"], exitCode: 2)
        }
    }

    private func flags() throws -> [String: String] {
        var flags: [String: String] = [:]
        for other in others {
            let parts = other.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, Setting.table.contains(where: { $0.key == parts[0] }) else {
                throw CommandFailure(
                    message: "--set \(other): there is no such setting",
                    hints: ["tidemark settings lists them"], exitCode: 2)
            }
            flags[String(parts[0])] = String(parts[1])
        }
        flags["host"] = host
        flags["port"] = port.map(String.init)
        flags["data"] = data
        flags["redaction"] = redaction
        flags["catalogue"] = catalogue
        flags["retention"] = retention
        flags["kpis"] = kpis
        flags["webhooks"] = webhooks
        if !allowHosts.isEmpty { flags["allow_hosts"] = allowHosts.joined(separator: ",") }
        if !allowOrigins.isEmpty { flags["allow_origins"] = allowOrigins.joined(separator: ",") }
        return flags
    }
}
