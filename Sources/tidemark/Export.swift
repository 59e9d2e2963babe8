internal import ArgumentParser
internal import Daemon
internal import Foundation
internal import TimeSeries

/// `tidemark export`
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes rollups as CSV.",
        discussion: """
            All metrics and all times, where nothing else is said: a row a bucket, with the tags as columns. \
            Reads from a running server, or with --data from a data folder, also while a server uses it.

            For example:
              tidemark export --interval 1h --metric 'tool.*' --from -30d -o tools.csv
            """)

    @Option(help: "The width of a bucket.")
    var interval = IntervalArgument(.oneHour)

    @Option(
        name: .customLong("metric"),
        help: "A metric's name; * stands for any characters. Repeatable. (default: all)")
    var metrics: [String] = []

    @Option(
        parsing: .unconditional,
        help:
            "From when: RFC 3339, epoch seconds or milliseconds, now, or like -1h. (default: from the first)"
    )
    var from: String?

    @Option(parsing: .unconditional, help: "Up to when, not included. (default: to the last)")
    var to: String?

    @OptionGroup var place: MetricPlaceOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Writes this file, as a whole or not at all. (default: standard output)",
            valueName: "file"), completion: .file())
    var output: String?

    func run() async throws {
        let times = try AskedTimes(
            from: from ?? Timestamp.representable.lowerBound.description,
            to: to ?? Timestamp.representable.upperBound.description, now: Daemon.now())
        let ask = MetricAsk(metrics.isEmpty ? ["*"] : metrics, interval.interval, times)
        try await place.withSource(for: ask) { source in
            if !metrics.isEmpty { try await MetricNames(of: source).require(metrics) }
            guard let output else {
                return try await source.answer(ask, as: .csv) { try OutputBytes.standard.write($0) }
            }
            let file = try OutputFile(output)
            do {
                try await write(ask, from: source, to: file)
                try file.publish()
            } catch {
                file.discard()
                throw error
            }
        }
    }

    private func write(
        _ ask: MetricAsk, from source: any MetricSource, to file: OutputFile
    ) async throws {
        var (progress, bytes) = (Progress(), 0)
        defer { progress.clear() }
        try await source.answer(ask, as: .csv) { piece in
            try file.write(piece)
            bytes += piece.count
            progress.show("writing \(output ?? ""): \(ByteCount(bytes))")
        }
    }
}
