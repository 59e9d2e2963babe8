import ArgumentParser

/// `tidemark-bench metrics generate`: samples in, a file out, to be sent to more than one server.
struct GenerateSamples: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write samples as Influx line protocol. The same arguments give the same bytes.",
        discussion: "Each line has four of them. Unless --end says otherwise the last one is now.")

    @Argument(help: "How many samples to write.")
    var count: Int = 1_000_000

    @OptionGroup var samples: SampleOptions

    @Option(name: .shortAndLong, help: "The file to write (default: standard output).")
    var output: String?

    func validate() throws {
        guard count >= 0 else { throw ValidationError("COUNT is negative.") }
    }

    func run() throws {
        let scenario = samples.scenario(count: count)
        var stream = SampleStream(scenario)
        var file = try OutputFile(path: output)
        var lines = ByteWriter(capacity: OutputFile.chunkBytes * 2)
        for _ in 0..<scenario.lines {
            stream.writeLine(into: &lines)
            if lines.count >= OutputFile.chunkBytes { try file.drain(&lines) }
        }
        try file.drain(&lines)
    }
}
