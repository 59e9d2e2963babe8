import ArgumentParser

/// `tidemark-bench metrics query`: asks for buckets again and again, and says how fast they come.
struct QueryMetrics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Ask GET /metrics for buckets and measure how fast the server answers.",
        discussion: """
            Each connection has one question in flight. Exits with 1 if any request failed, or if \
            the server has fewer series than are asked for.
            """)

    @OptionGroup var target: TargetOptions

    @Option(help: "The metric; * stands for any text.")
    var metric: String = "tool.duration"

    @Option(help: "1m, 3m, 5m, 15m or 1h.")
    var interval: String = "1m"

    @Option(parsing: .unconditional, help: "How far back.")
    var from: String = "-24h"

    @Option(help: "What is told of a bucket.")
    var fields: String = "count,avg,p99"

    @Option(help: "How many series.")
    var series: Int = 20

    @Option(help: "Keep-alive connections, each with one question in flight.")
    var connections: Int = 1

    @Option(help: "Stop after this many seconds.")
    var seconds: Double = 10

    @Option(help: "Send so many events a minute meanwhile, one a request.")
    var eventsPerMinute: Double?

    func validate() throws {
        guard series > 0 else { throw ValidationError("--series: at least one.") }
        guard connections > 0 else { throw ValidationError("--connections: at least one.") }
        guard seconds > 0 else { throw ValidationError("--seconds: more than none.") }
        guard (eventsPerMinute ?? 60) >= 10 else {
            throw ValidationError("--events-per-minute: at least 10.")
        }
    }

    func run() async throws {
        let size = try await answerSize()
        guard size.series == series else { throw MissingSeries(found: size.series, asked: series) }
        let ((answers, events), costs) = try await Costs.metering(serverPID: target.pid) {
            async let events = measureEvents()
            return (try await LoadRun.measure(queries), try await events)
        }
        target.show(
            Report(
                size.rows(answers), answers.latencyRows, answers.errorRows,
                events?.rowsBesideQueries ?? [], costs.rows))
        for tally in [answers.tally, events?.tally].compactMap(\.self) { tally.complain() }
        if answers.tally.hasFailures || events?.tally.hasFailures == true {
            throw ExitCode.failure
        }
    }

    private var parameters: String {
        "interval=\(interval)&from=\(from)&metric=\(metric)&fields=\(fields)&limit=\(series)"
    }

    private var question: String { "\(target.url.path ?? "/metrics")?\(parameters)" }

    /// To count the buckets of each answer would slow down what is measured, and they are always
    /// the same but for the last ones. The first answer also warms up.
    private func answerSize() async throws -> AnswerSize {
        let query = Query(targets: [question], countMax: 1, keeping: .whole)
        let first = try await LoadRun.measure(LoadPlan(server: target.url, work: .query(query)))
        first.tally.complain()
        guard first.tally.errors == 0 else { throw ExitCode.failure }
        return AnswerSize(first.lastBody)
    }

    private var queries: LoadPlan {
        LoadPlan(
            server: target.url, connections: connections, work: .query(Query(targets: [question])),
            secondsMax: seconds)
    }

    private func measureEvents() async throws -> Measurement? {
        guard let eventsPerMinute else { return nil }
        let server = ServerAddress(host: target.url.host, port: target.url.port, path: nil)
        let lines = LineLoad.Lines.events(perSecond: eventsPerMinute / 60)
        return try await LoadRun.measure(
            LoadPlan(
                server: server, work: .lines(.events(.single, lines)),
                requestsPerMinute: eventsPerMinute, secondsMax: seconds))
    }
}

/// The numbers would be of another question than was asked.
private struct MissingSeries: Error, CustomStringConvertible {
    let found: Int
    let asked: Int

    var description: String { "the server has \(found) series to tell of, not \(asked)" }
}

extension Measurement {
    fileprivate var rowsBesideQueries: [Report.Row] {
        [
            Report.Row(key: "events", name: "events meanwhile", value: Double(tally.lines)),
            Report.Row(
                key: "events_per_second", name: "  a second",
                value: perSecond(Double(tally.lines)), digits: 1),
            Report.Row(
                key: "event_errors", name: "  errors", value: Double(tally.errors + tally.rejected)),
        ]
            + latencyRows.map {
                Report.Row(
                    key: "event_\($0.key)", name: "  \($0.name)", value: $0.value,
                    digits: $0.digits)
            }
    }
}
