internal import ArgumentParser
internal import Daemon
internal import Foundation

/// `tidemark settings`
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Lists every setting: value, unit, default, and where the value came from.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, markdown
    }

    @Option(help: "table, json or markdown. (markdown has no values: it is for the documentation)")
    var format = Format.table

    @OptionGroup var options: SettingsOptions

    func run() throws {
        if format == .markdown { return print(Self.markdown) }
        let resolved = try options.resolve()
        let rows = Setting.table.map { setting in
            (
                setting, setting.read(resolved.settings),
                (resolved.sources[setting.key] ?? .preset).rawValue
            )
        }
        switch format {
        case .json: try printJSON(rows)
        case .table, .markdown: printTable(rows)
        }
    }

    /// The table of the documentation; a test compares the two.
    static var markdown: String {
        let head = "| setting | unit | default | what it is |\n|---|---|---|---|"
        return Setting.table.reduce(head) { text, setting in
            text
                + "\n| `\(setting.key)` | \(setting.unit) | \(setting.defaultText) | \(setting.help) |"
        }
    }

    private typealias Row = (setting: Setting, value: String, source: String)

    private func printTable(_ rows: [Row]) {
        var table = TextTable(["setting", "value", "unit", "default", "from", "what it is"])
        for row in rows {
            table.append([
                row.setting.key, row.value, row.setting.unit, row.setting.defaultText, row.source,
                row.setting.help,
            ])
        }
        print(table.text)
    }

    private struct Item: Encodable {
        let key, value, unit, `default`, source, variable, help: String
    }

    private func printJSON(_ rows: [Row]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let items = rows.map { row in
            Item(
                key: row.setting.key, value: row.value, unit: row.setting.unit,
                default: row.setting.defaultText, source: row.source,
                variable: row.setting.variable, help: row.setting.help)
        }
        try Console.write(try encoder.encode(items) + Data("\n".utf8))
    }
}
