internal import ArgumentParser
internal import Foundation

/// `tidemark metrics`
struct MetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Lists the metrics that there are.",
        discussion: """
            Each with its kind, its unit, how many series it has, and its tags with how many values each \
            of them has. `tidemark query` shows their numbers.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @Argument(help: "Names; * stands for any characters. (default: all)")
    var names: [String] = []

    @OptionGroup var place: MetricPlaceOptions

    @Option(help: "table, or json for all that there are.")
    var format = Format.table

    func validate() throws {
        guard format == .table || names.isEmpty else {
            throw ValidationError("names go with --format table; JSON has them all")
        }
    }

    func run() async throws {
        try await place.withSource(for: nil) { source in
            switch format {
            case .json:
                let names = try await source.names()
                try OutputBytes.standard.write(names + [UInt8(ascii: "\n")])
            case .table: try show(try await MetricNames(of: source))
            }
        }
    }

    private func show(_ known: MetricNames) throws {
        try known.require(names)
        let metrics = known.selected(by: names)
        guard !metrics.isEmpty else { return Console.error("no metric has a sample yet") }
        var table = TextTable(["METRIC", "KIND", "UNIT", "SERIES", "TAGS", "WHAT IT IS"])
        for metric in metrics { table.append(Self.cells(metric)) }
        let lines = table.text.split(separator: "\n").map { $0.trimmingSuffix(" ") }
        try OutputBytes.standard.write((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func cells(_ metric: MetricNames.Metric) -> [String] {
        let tags = metric.tags.sorted { $0.key < $1.key }.map { "\($0.key)(\($0.value))" }
        return [
            metric.name, metric.kind, metric.unit, String(metric.series),
            tags.joined(separator: " "), metric.help,
        ].map(Console.printable)
    }
}

extension StringProtocol {
    func trimmingSuffix(_ letter: Character) -> SubSequence {
        var end = endIndex
        while end > startIndex, self[index(before: end)] == letter { end = index(before: end) }
        return self[..<end]
    }
}
