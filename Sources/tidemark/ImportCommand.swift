internal import ArgumentParser
internal import Daemon
internal import Foundation
internal import Logging
internal import Storage

/// `tidemark import`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Takes in the history of the reference system: its events.db.",
        discussion: """
            Rows become events with their own times; they are checked, redacted and counted like any other. \
            A row that was imported before is left out. The database is only read. With --data the folder \
            must not be in use: it is served for the time of the import, on loopback.
            """)

    @Argument(help: "The database.", completion: .file())
    var database: String

    @Option(help: "The server. (default: $TIDEMARK_URL, or http://127.0.0.1:4000)")
    var url: String?

    @Option(help: "The access token. (default: $TIDEMARK_TOKEN)")
    var token: String?

    @Option(help: "Import into this data folder instead of a server.", completion: .directory)
    var data: String?

    @Option(help: "With --data: the server's config file.", completion: .file())
    var config: String?

    func validate() throws {
        guard url == nil || data == nil else {
            throw ValidationError("--url and --data cannot go together")
        }
    }

    func run() async throws {
        guard FileManager.default.fileExists(atPath: database) else {
            throw CommandFailure(
                message: "\(database) is not there",
                hints: ["the reference's server makes events.db"])
        }
        let source: ReferenceDatabase
        do throws(StorageError) {
            source = try ReferenceDatabase(path: database)
        } catch {
            throw CommandFailure(message: error.description)
        }
        let report = try await data == nil ? send(source) : fill(source)
        for fault in report.faults { Console.error(Console.printable(fault)) }
        let text =
            "\(report.imported) of \(report.rows) rows imported, \(report.present) were there already\n"
        try Console.write(Array(text.utf8))
        guard report.faultCount > 0 else { return }
        throw CommandFailure(
            message: "\(report.faultCount) of \(report.rows) rows could not be taken",
            hints: ["the others are stored; correct these, then import again"])
    }

    private func send(_ source: ReferenceDatabase) async throws -> ReferenceImport.Report {
        let environment = ProcessInfo.processInfo.environment
        return try await Self.send(
            source, to: url ?? environment["TIDEMARK_URL"] ?? "http://127.0.0.1:4000",
            token: token ?? environment["TIDEMARK_TOKEN"])
    }

    private static func send(
        _ source: ReferenceDatabase, to url: String, token: String?
    ) async throws -> ReferenceImport.Report {
        let client = try ServerClient(url: url, token: token)
        var progress = Progress()
        do {
            let report = try await ReferenceImport(database: source, client: client).run {
                report, rows in progress.show("\(report.rows) of \(rows) rows")
            }
            progress.clear()
            await client.close()
            return report
        } catch {
            progress.clear()
            await client.close()
            throw error
        }
    }

    private func fill(_ source: ReferenceDatabase) async throws -> ReferenceImport.Report {
        let settings = try folderSettings()
        let quiet = Logger(label: "tidemark") { _ in SwiftLogNoOpLogHandler() }
        do {
            return try await Daemon.serve(settings, logger: quiet) { address in
                try await Self.send(source, to: address, token: nil)
            }
        } catch let failure as Daemon.StartFailure {
            throw CommandFailure(message: failure.message, hints: [failure.hint])
        }
    }

    private func folderSettings() throws -> Settings {
        let flags = ["data": data ?? "", "port": "0", "host": "127.0.0.1"]
        do throws(SettingsFaults) {
            return try ResolvedSettings(
                flags: flags, environment: ProcessInfo.processInfo.environment, file: config
            ).settings
        } catch {
            throw CommandFailure(
                message: error.faults.joined(separator: "\n       "), exitCode: 2)
        }
    }
}
