import ArgumentParser

/// `tidemark-bench metrics write`: sends samples as fast as the server acknowledges them, and says
/// how fast that was.
struct WriteSamples: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write",
        abstract: "Send samples to POST /write and measure how fast a server acknowledges them.",
        discussion: """
            VictoriaMetrics takes them at the same path. Each connection has one request in \
            flight. Exits with 1 if any request failed. All lines of FILE must have as many \
            fields as its first.
            """)

    @OptionGroup var target: TargetOptions

    @Option(help: "Keep-alive connections, each with one request in flight.")
    var connections: Int = 4

    @Option(help: "Lines a request; 0: the whole file as one body.")
    var batch: Int = 5_000

    @Option(help: "Send so many samples (default: the whole file; without one a million).")
    var count: Int?

    @Option(help: "Stop after this many seconds.")
    var seconds: Double?

    @Option(help: "Line protocol to send, each line once. Without it samples are made on the way.")
    var file: String?

    @OptionGroup var samples: SampleOptions

    @OptionGroup var aftermath: AftermathOptions

    func validate() throws {
        guard connections > 0 else { throw ValidationError("--connections: at least one.") }
        guard batch >= 0 else { throw ValidationError("--batch is negative.") }
        guard (count ?? 1) > 0 else { throw ValidationError("--count: at least one.") }
        guard (seconds ?? 1) > 0 else { throw ValidationError("--seconds: more than none.") }
        guard batch > 0 || file != nil else { throw ValidationError("--batch 0 sends a --file.") }
    }

    func run() async throws {
        let input = try file.map { try InputFile(path: $0) }
        let fields = input?.fieldsOfFirstLine ?? SampleStream.fieldsPerLine
        let plan = loadPlan(input, fieldsPerLine: fields)
        let ((measurement, after), costs) = try await Costs.metering(serverPID: target.pid) {
            let measurement = try await LoadRun.measure(plan)
            return (measurement, try await aftermath.await(target.url, after: measurement.seconds))
        }
        let sent = measurement.tally.lines * fields
        target.show(
            Report(
                measurement.sentRows("samples", count: sent), measurement.latencyRows,
                measurement.errorRows, after.rows((one: "sample", many: "samples"), count: sent),
                costs.rows))
        measurement.tally.complain()
        if measurement.tally.hasFailures { throw ExitCode.failure }
    }

    private func loadPlan(_ input: InputFile?, fieldsPerLine fields: Int) -> LoadPlan {
        let count = count ?? (input == nil ? 1_000_000 : nil)
        let lines = input.map(LineLoad.Lines.file) ?? .samples(samples.scenario(count: count ?? 0))
        return LoadPlan(
            server: target.url,
            connections: batch == 0 ? 1 : connections,
            work: .lines(
                .samples(
                    batch == 0 ? .wholeFile : .batch(batch), lines,
                    linesMax: count.map { ($0 + fields - 1) / fields })),
            secondsMax: seconds)
    }
}

extension InputFile {
    /// Of a line without strings and without escapes.
    fileprivate var fieldsOfFirstLine: Int {
        let line = bytes[..<end(ofLines: 1, from: 0).end]
        let fields = line.split(separator: UInt8(ascii: " ")).dropFirst().first
        return fields?.count { $0 == UInt8(ascii: "=") } ?? 0
    }
}
