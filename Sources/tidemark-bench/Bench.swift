import ArgumentParser

/// The root of the command line. Data and load come from one tool, so that a number can always
/// be had again: the same arguments make the same events.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tidemark-bench",
        abstract: "Makes agents' events and samples, and measures how fast a server is with them.",
        subcommands: [
            Generate.self, Ingest.self, QueryEvents.self, Metrics.self, StreamBench.self,
        ])
}
