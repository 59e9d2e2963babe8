import ArgumentParser

/// `tidemark-bench ingest`: sends events as fast as the server acknowledges them, and says how
/// fast that was.
struct Ingest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send events to a server and measure how fast it acknowledges them.",
        discussion: """
            Each connection has one request in flight. Exits with 1 if any request failed or any \
            line was rejected. Without a limit it sends the whole file, or fresh events for 10 \
            seconds. Fresh events have ids that no run had before.
            """)

    /// What a run without --file, --count and --seconds means.
    private static let secondsDefault = 10.0

    @OptionGroup var target: TargetOptions

    @Option(help: "Keep-alive connections, each with one request in flight.")
    var connections: Int = 32

    @Option(
        help: ArgumentHelp(
            "Lines a request, sent as NDJSON; 0: the whole file as one body. Without it each "
                + "event is a JSON request of its own."))
    var batch: Int?

    @Option(help: "Stop after this many events.")
    var count: Int?

    @Option(help: "Stop after this many seconds.")
    var seconds: Double?

    @Option(help: "NDJSON to send, each line once. Without it events are made on the way.")
    var file: String?

    @Option(help: "file: FILE is gzip already, and is sent as it is (with --batch 0).")
    var gzip: Compression = .no

    @OptionGroup var aftermath: AftermathOptions

    func validate() throws {
        guard connections > 0 else { throw ValidationError("--connections: at least one.") }
        guard (batch ?? 0) >= 0 else { throw ValidationError("--batch is negative.") }
        guard (count ?? 1) > 0 else { throw ValidationError("--count: at least one.") }
        guard (seconds ?? 1) > 0 else { throw ValidationError("--seconds: more than none.") }
        try validateWholeFile()
    }

    private func validateWholeFile() throws {
        if batch == 0 {
            guard file != nil else { throw ValidationError("--batch 0 sends a --file.") }
            guard seconds == nil else { throw ValidationError("--batch 0 sends one request.") }
        }
        if gzip == .file {
            guard batch == 0 else { throw ValidationError("--gzip file needs --batch 0.") }
            guard count == nil else { throw ValidationError("--gzip file is sent whole.") }
        }
    }

    func run() async throws {
        let plan = try loadPlan()
        let ((measurement, after), costs) = try await Costs.metering(serverPID: target.pid) {
            let measurement = try await LoadRun.measure(plan)
            return (measurement, try await aftermath.await(target.url, after: measurement.seconds))
        }
        let events = measurement.tally.lines
        target.show(
            Report(
                measurement.sentRows("events", count: events), measurement.latencyRows,
                measurement.verdictRows, measurement.errorRows,
                after.rows((one: "event", many: "events"), count: events), costs.rows))
        measurement.tally.complain()
        if measurement.tally.hasFailures { throw ExitCode.failure }
    }

    private func loadPlan() throws -> LoadPlan {
        LoadPlan(
            server: target.url,
            connections: batch == 0 ? 1 : connections,
            work: .lines(
                .events(
                    batch.map { $0 == 0 ? .wholeFile : .batch($0) } ?? .single,
                    try file.map { .file(try InputFile(path: $0)) }
                        ?? .events(perSecond: FreshEvents.perSecondMax),
                    compression: gzip, linesMax: count)),
            secondsMax: seconds ?? (file == nil && count == nil ? Self.secondsDefault : nil))
    }
}
