import ArgumentParser

/// `tidemark-bench events`: asks for stored events in all the ways that people do, and says how fast they
/// come.
struct QueryEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Ask a server with many events for few, and measure how fast it answers.",
        discussion: """
            Each question is asked for some seconds, over one connection, each time about another \
            session, id or moment. Exits with 1 if any request failed.
            """)

    @OptionGroup var target: TargetOptions

    @Option(help: "How many seconds each question is asked.")
    var seconds: Double = 5

    @Option(help: "Events a page.")
    var limit: Int = 100

    @Option(help: "Send so many events a second meanwhile, in batches of 100.")
    var ingest: Double = 0

    @Option(help: "Another number asks about other sessions and ids.")
    var seed: UInt64 = 1

    private static let batchEvents = 100

    func validate() throws {
        guard seconds > 0 else { throw ValidationError("--seconds: more than none.") }
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit: 1 to 10000.") }
        guard ingest >= 0 else { throw ValidationError("--ingest is negative.") }
    }

    func run() async throws {
        let known = try await KnownEvents(target.url)
        var table = Table(alignment: [.left, .right, .right, .right, .right, .right, .right])
        table.add(["question", "answers", "p50 ms", "p95 ms", "p99 ms", "max ms", "errors"])
        var rows: [Report.Row] = []
        var hasFailed = false
        let ingesting = try await withIngest {
            for question in EventQuestion.all(known, limit: limit, seed: seed) {
                let answers = try await LoadRun.measure(
                    LoadPlan(
                        server: target.url, work: .query(Query(targets: question.targets)),
                        secondsMax: seconds))
                answers.tally.complain()
                hasFailed = hasFailed || answers.tally.hasFailures
                table.add(answers.cells(question.name))
                rows += answers.rows(question.key)
            }
        }
        if let ingesting {
            ingesting.tally.complain()
            hasFailed = hasFailed || ingesting.tally.hasFailures
            rows += ingesting.sentRows("events", count: ingesting.tally.lines)
            table.add(ingesting.cells("events meanwhile, a batch"))
        }
        print(target.json ? Report(rows).json : table.text)
        if hasFailed { throw ExitCode.failure }
    }

    /// Runs `body` while events are sent, if any are to be.
    private func withIngest(_ body: () async throws -> Void) async throws -> Measurement? {
        guard ingest > 0 else {
            try await body()
            return nil
        }
        let plan = LoadPlan(
            server: target.url, connections: 2,
            work: .lines(.events(.batch(Self.batchEvents), .events(perSecond: ingest))),
            requestsPerMinute: ingest / Double(Self.batchEvents) * 60,
            secondsMax: seconds * Double(EventQuestion.count))
        async let measurement = LoadRun.measure(plan)
        try await body()
        return try await measurement
    }
}

extension Measurement {
    fileprivate func cells(_ name: String) -> [String] {
        let latencies = latencyRows.map { $0.value.fixed($0.digits) }
        return [name, Double(tally.requests).fixed(0)] + latencies + [Double(tally.errors).fixed(0)]
    }

    fileprivate func rows(_ key: String) -> [Report.Row] {
        latencyRows.map {
            Report.Row(key: "\(key)_\($0.key)", name: $0.name, value: $0.value, digits: $0.digits)
        }
    }
}
