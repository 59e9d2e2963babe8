internal import ArgumentParser
internal import Daemon
internal import Foundation
internal import NIOPosix
internal import Pipeline

/// `tidemark rebuild`
struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Counts the log anew and replaces the rollups.",
        discussion: """
            No server may use the data folder meanwhile. Rollups of times whose lines the log no longer has \
            are kept. With --metric one metric alone is counted anew, also over lines that are older than \
            its entry in the catalogue.
            """)

    @Option(help: "The data folder. (default: data)", completion: .directory)
    var data: String?

    @Option(help: "This metric alone.")
    var metric: String?

    @Option(
        help: "The server's config file, since its limits shape what is counted.",
        completion: .file())
    var config: String?

    func run() async throws {
        let settings = try RecountSettings.resolve(data: data, config: config)
        let ticker = RecountTicker()
        defer { ticker.clear() }
        let rebuild = Rebuild(
            folder: settings.data, limits: settings.engine, threads: .singleton)
        let report: RebuildReport
        do throws(RecountRefusal) {
            report = try await rebuild.run(metric: metric) { ticker.show($0) }
        } catch {
            throw CommandFailure(message: error.message, hints: [error.hint])
        }
        ticker.clear()
        try Console.write(Array(text(report).utf8))
    }

    private func text(_ report: RebuildReport) -> String {
        let seconds = String(format: "%.2f", report.seconds)
        var text =
            "counted \(report.lines) lines in \(seconds) s; \(report.buckets) buckets are stored\n"
        if let reason = report.discarded {
            text += "nothing was kept of the store that was there: \(reason)\n"
        }
        for lost in report.lostLines { text += "unreadable: \(lost.text)\n" }
        if report.keptHours > 0 {
            text += "kept the rollups of \(report.keptHours) hours that the log no longer covers\n"
        }
        for name in report.filledIn {
            text += "filled in \(Console.printable(name)) over lines from before its entry\n"
        }
        return text
    }
}
