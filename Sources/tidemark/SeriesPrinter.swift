internal import Queries
internal import Rollup
internal import StrictJSON

/// Prints the series of an answer for people, each as a table or a plot of its own, as they come.
struct SeriesPrinter {
    /// What must be asked so that all that is printed is there.
    let ask: MetricAsk
    private let fields: [BucketField]?
    private let isPlotting: Bool
    private let terminal = Terminal()
    private var lines = LineAssembler()
    /// Those without buckets are passed over.
    private(set) var seriesPrinted = 0

    init(_ ask: MetricAsk, isPlotting: Bool) {
        fields = ask.fields
        self.isPlotting = isPlotting
        var ask = ask
        ask.fields = fields ?? BucketField.forPeople
        self.ask = ask
    }

    /// Takes the next bytes of NDJSON.
    mutating func print(_ bytes: [UInt8]) throws(CommandFailure) {
        for line in lines.add(bytes) {
            let series = try Self.series(line)
            guard let text = isPlotting ? plot(series) : table(series) else { continue }
            // A blank line between two.
            let gap = seriesPrinted > 0 ? "\n" : ""
            try OutputBytes.standard.write((gap + text).utf8)
            seriesPrinted += 1
        }
    }

    private static func series(_ line: [UInt8]) throws(CommandFailure) -> SeriesAnswer {
        do throws(JSONFault) {
            return try SeriesAnswer(line)
        } catch {
            throw CommandFailure(message: "the server's answer cannot be read: \(error)")
        }
    }

    private func table(_ series: SeriesAnswer) -> String? {
        guard !series.rows.isEmpty else { return nil }
        let shown = fields ?? BucketField.forTable(ofKind: series.kind)
        let rows = BucketRows(series, fields: shown.map(\.name))
        return terminal.strong(series.title) + "\n" + rows.text
    }

    private func plot(_ series: SeriesAnswer) -> String? {
        let field = fields?.first ?? BucketField.forPlot(ofKind: series.kind)
        guard let plot = Plot(series, field.name, ask, terminal) else { return nil }
        return terminal.strong(series.title + "  " + field.name) + "\n" + plot.text
    }
}

extension BucketField {
    /// All that tables and plots show where nobody says what.
    static let forPeople: [BucketField] = [
        .count, .sum, .avg, .min, .max, .last, .rate, .quantile(.p50), .quantile(.p95),
        .quantile(.p99),
    ]

    fileprivate static func forTable(ofKind kind: String) -> [BucketField] {
        switch kind {
        case "counter": [.count, .sum, .rate]
        case "gauge": [.last, .avg, .min, .max]
        default:
            [.count, .avg, .min, .max, .quantile(.p50), .quantile(.p95), .quantile(.p99)]
        }
    }

    fileprivate static func forPlot(ofKind kind: String) -> BucketField {
        switch kind {
        case "counter": .sum
        case "gauge": .last
        default: .quantile(.p95)
        }
    }
}
