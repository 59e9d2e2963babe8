import ArgumentParser

/// `tidemark-bench generate`: events in, files out. Tests and benchmarks need millions of events
/// whose shape is that of real sessions, and need them again tomorrow.
struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write agents' events as NDJSON. The same arguments give the same bytes.")

    @Argument(help: "How many lines to write.")
    var count: Int

    @Option(help: "Another number gives another fleet.")
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "The shape of the lines: native, reference, raw or mixed (6 : 3 : 1); or columns: "
                + "native, but with times as integers and data as a string."))
    var dialect: Dialect = .native

    @Option(help: "How many agents work at the same time.")
    var agents: Int = 50

    @Option(
        help: ArgumentHelp(
            "How many sessions there are in all: whoever begins one goes on with one of them. "
                + "Without it each is a new one."))
    var sessions: Int?

    @Option(help: "When the first session begins: RFC 3339 or now.")
    var start: Moment = Moment(milliseconds: 1_767_603_600_000)

    @Option(help: "Shift all times so that the last event happens then: RFC 3339 or now.")
    var end: Moment?

    @Option(help: "Squeeze the agents' own pace to this many events a second.")
    var rate: Double = 0

    @Option(help: "Share of the lines that come up to 5,000 lines after their place.")
    var late: Double = 0

    @Option(help: "Share of the lines that are written twice, with the same event_id.")
    var duplicates: Double = 0

    @Option(name: .customLong("body"), help: "Median size of a tool's output in bytes.")
    var bodyBytes: Double = 160

    @Flag(help: "Leave out paths and long texts: lines of about 480 bytes instead of 710.")
    var short = false

    @Option(name: .shortAndLong, help: "The file to write (default: standard output).")
    var output: String?

    func validate() throws {
        guard count >= 0 else { throw ValidationError("COUNT is negative.") }
        guard agents > 0 else { throw ValidationError("--agents: at least one.") }
        guard (sessions ?? 1) > 0 else { throw ValidationError("--sessions: at least one.") }
        guard rate >= 0 else { throw ValidationError("--rate is negative.") }
        guard bodyBytes >= 0 else { throw ValidationError("--body is negative.") }
        for share in [late, duplicates] where !(0...1).contains(share) {
            throw ValidationError("--late and --duplicates are shares from 0 to 1.")
        }
    }

    func run() throws {
        var stream = EventStream(scenario())
        var file = try OutputFile(path: output)
        var lines = ByteWriter(capacity: OutputFile.chunkBytes * 2)
        for _ in 0..<count {
            stream.writeLine(into: &lines)
            if lines.count >= OutputFile.chunkBytes { try file.drain(&lines) }
        }
        try file.drain(&lines)
    }

    private func scenario() -> Scenario {
        var scenario = Scenario(
            seed: seed, count: count, dialect: dialect, agents: agents,
            startMilliseconds: Double(start.milliseconds), eventsPerSecond: rate,
            lateShare: late, duplicateShare: duplicates, bodyBytes: bodyBytes, isShort: short)
        scenario.sessions = sessions
        if let end { scenario.shift(lastEventTo: end) }
        return scenario
    }
}
