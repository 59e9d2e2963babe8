internal import ArgumentParser
internal import Foundation
internal import NIOHTTP1

/// `tidemark kpi status | backtest`
struct KPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kpi",
        abstract: "Shows how the KPIs stand, or what they would have said.",
        subcommands: [Status.self, Backtest.self])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A row for each KPI and group: its status, its value, since when.")

        @OptionGroup var server: ServerOptions

        func run() async throws {
            let standings = try await server.ask(.GET, "/kpis", as: KPIStandings.self)
            try Console.write(Array(standings.text.utf8))
        }
    }

    struct Backtest: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Judges stored minutes anew.",
            discussion: """
                With the KPIs in force it says what was said live, but where data came late: such changes are \
                marked. With --kpis it says what other ones would have said.
                """)

        @OptionGroup var server: ServerOptions

        @Option(parsing: .unconditional, help: "From when on: RFC 3339, or like -24h.")
        var from = "-24h"

        @Option(parsing: .unconditional, help: "Until when. (default: now)")
        var to: String?

        @Option(help: "A file of other KPIs.", completion: .file())
        var kpis: String?

        func run() async throws {
            var body: [UInt8] = []
            if let kpis {
                guard let bytes = FileManager.default.contents(atPath: kpis) else {
                    throw CommandFailure(message: "\(kpis): cannot be read")
                }
                body = [UInt8](bytes)
            }
            var items = [URLQueryItem(name: "from", value: from)]
            if let to { items.append(URLQueryItem(name: "to", value: to)) }
            var report = BacktestText()
            try await server.lines("POST", "/kpis/backtest", items, body) { line in
                if let text = try report.add(line) { try Console.write(Array(text.utf8)) }
            }
        }
    }
}

/// `tidemark alerts`, and `tidemark alerts ack`
struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "Lists alerts, newest first, or acknowledges one.",
        subcommands: [List.self, Acknowledge.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists alerts, newest first.")

        @OptionGroup var server: ServerOptions

        @Option(help: "firing, resolved or expired.")
        var state: String?

        @Option(help: "Of this KPI alone.")
        var kpi: String?

        @Option(help: "So many.")
        var limit = 20

        func run() async throws {
            var items = [URLQueryItem(name: "limit", value: "\(limit)")]
            if let state { items.append(URLQueryItem(name: "state", value: state)) }
            if let kpi { items.append(URLQueryItem(name: "kpi", value: kpi)) }
            let page = try await server.ask(.GET, "/alerts", items, as: AlertPage.self)
            try Console.write(Array(page.text.utf8))
        }
    }

    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ack", abstract: "Notes that you have seen an alert.")

        @OptionGroup var server: ServerOptions

        @Argument(help: "The alert's number.")
        var id: Int64

        @Option(help: "Who has seen it. (default: $USER)")
        var by: String?

        func run() async throws {
            let name = by ?? ProcessInfo.processInfo.environment["USER"] ?? "somebody"
            let body = try JSONEncoder().encode(["by": name])
            let alert = try await server.ask(
                .POST, "/alerts/\(id)/ack", json: [UInt8](body), as: AlertPage.Alert.self)
            try Console.write(Array((AlertPage(alerts: [alert]).text).utf8))
        }
    }
}
