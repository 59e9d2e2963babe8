internal import ArgumentParser
internal import Daemon
internal import Queries
internal import Rollup
internal import TimeSeries

/// `tidemark query`
struct Query: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows the numbers of metrics, bucket by bucket.",
        discussion: """
            Reads from a running server, or with --data from a data folder, also while a server uses it. \
            `tidemark metrics` lists the names.

            For example:
              tidemark query tool.duration --group-by tool --from -6h --plot
              tidemark query 'tokens*' --tag model=opus --interval 1h --format csv

            Without --fields a table shows what suits the metric's kind: of counters count, sum and rate, \
            of gauges last, avg, min and max, of distributions count, avg, min, max, p50, p95 and p99. A \
            bucket whose time is not over is marked open.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, csv
    }

    @Argument(
        help: ArgumentHelp(
            "Names of metrics; * stands for any characters.", valueName: "metric"))
    var metrics: [String]

    @Option(help: "The width of a bucket.")
    var interval = IntervalArgument(.fiveMinutes)

    @Option(
        parsing: .unconditional,
        help: "From when: RFC 3339, epoch seconds or milliseconds, now, or like -1h.")
    var from = "-24h"

    @Option(parsing: .unconditional, help: "Up to when, not included.")
    var to = "now"

    @OptionGroup var choice: SeriesChoiceOptions
    @OptionGroup var place: MetricPlaceOptions

    @Option(help: "table, json or csv.")
    var format = Format.table

    @Flag(
        help: """
            Draws each series instead of printing its numbers: the first of --fields, or the sum of \
            counters, the last of gauges, the p95 of distributions.
            """)
    var plot = false

    func validate() throws {
        guard !plot || format == .table else {
            throw ValidationError("--plot and --format \(format.rawValue) cannot go together")
        }
    }

    func run() async throws {
        var ask = MetricAsk(
            metrics, interval.interval, try AskedTimes(from: from, to: to, now: Daemon.now()))
        try choice.apply(to: &ask)
        try await place.withSource(for: ask) { source in
            let names = try await MetricNames(of: source)
            try names.require(metrics)
            switch format {
            case .json:
                try await source.answer(ask, as: .json) { try OutputBytes.standard.write($0) }
                try OutputBytes.standard.write([UInt8(ascii: "\n")])
            case .csv: try await source.answer(ask, as: .csv) { try OutputBytes.standard.write($0) }
            case .table: try await show(ask, names, from: source)
            }
        }
    }

    private func show(
        _ ask: MetricAsk, _ names: MetricNames, from source: any MetricSource
    ) async throws {
        var printer = SeriesPrinter(ask, isPlotting: plot)
        try await source.answer(printer.ask, as: .lines) { try printer.print($0) }
        guard printer.seriesPrinted == 0 else { return }
        Console.error("no samples from \(ask.times.range.from) to \(ask.times.range.to)")
        for metric in names.selected(by: metrics) {
            let tags = metric.tags.keys.sorted().joined(separator: ", ")
            Console.error(
                Console.printable(
                    "hint: \(metric.name) has the tags \(tags.isEmpty ? "(none)" : tags)"))
        }
    }
}
