import ArgumentParser
import NIOCore
import NIOPosix

/// `tidemark-bench stream`: many clients hear what is posted meanwhile, and it is told who has heard what,
/// and how long it took from the post to each of them.
struct StreamBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream",
        abstract: "Post events while clients listen over WebSocket, and measure how they arrive.",
        discussion: """
            All clients live in one thread of this process. A time begins before an event's request is \
            written and ends when a client has read its frame. Exits with 1 if an event was lost without \
            a word, came twice, or was not taken.
            """)

    @OptionGroup var target: TargetOptions

    @Option(help: "Clients that listen to all events.")
    var clients: Int = 1_000

    @Option(help: "Events a second.")
    var rate: Double = 10_000.0 / 60

    @Option(help: "How long events are posted.")
    var seconds: Double = 10

    @Option(help: "Of the clients, so many stop reading until all is posted.")
    var stalled: Int = 0

    @Flag(inversion: .prefixedNo, help: "The clients listen to the 1m buckets too.")
    var metrics = true

    func validate() throws {
        guard clients > 0 else { throw ValidationError("--clients: at least one.") }
        guard rate > 0, seconds > 0 else {
            throw ValidationError("--rate, --seconds: more than none.")
        }
        guard (0...clients).contains(stalled) else {
            throw ValidationError("--stalled: none to all of the clients.")
        }
    }

    func run() async throws {
        let plan = StreamPlan(
            server: target.url, clients: clients, stalled: stalled, metrics: metrics, rate: rate,
            seconds: seconds)
        let (outcome, costs) = try await Costs.metering(serverPID: target.pid) {
            try await StreamRun.measure(plan)
        }
        target.show(Report(outcome.rows, costs.rows))
        if outcome.hasFailures { throw ExitCode.failure }
    }
}

struct StreamPlan: Sendable {
    let server: ServerAddress
    let clients: Int
    let stalled: Int
    let metrics: Bool
    let rate: Double
    let seconds: Double

    var events: Int { Int((rate * seconds).rounded()) }
}

/// What a run has found.
struct StreamOutcome: Sendable {
    var sent = 0
    var refused = 0
    var seconds = 0.0
    var delivered = 0
    /// Told by a gap, and neither told nor delivered.
    var dropped = 0
    var lost = 0
    var doubled = 0
    var metricFrames = 0
    var latencies = Histogram()

    var hasFailures: Bool { lost > 0 || doubled > 0 || refused > 0 }

    var rows: [Report.Row] {
        func row(_ key: String, _ value: Int) -> Report.Row {
            Report.Row(key: key, name: key.replacing("_", with: " "), value: Double(value))
        }
        func time(_ key: String, _ nanoseconds: UInt64) -> Report.Row {
            Report.Row(
                key: "\(key)_ms", name: "\(key) ms", value: Double(nanoseconds) / 1e6, digits: 3)
        }
        return [
            row("events_sent", sent), row("refused", refused),
            Report.Row(key: "seconds", name: "seconds", value: seconds, digits: 3),
            row("delivered", delivered), row("dropped", dropped), row("lost", lost),
            row("doubled", doubled), row("metric_frames", metricFrames),
            time("p50", latencies.value(at: 0.5)), time("p95", latencies.value(at: 0.95)),
            time("p99", latencies.value(at: 0.99)), time("max", latencies.max),
        ]
    }
}
