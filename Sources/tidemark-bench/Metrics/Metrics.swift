import ArgumentParser

/// `tidemark-bench metrics`: samples in, series out.
struct Metrics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make samples, measure how fast a server takes them and answers for them.",
        subcommands: [GenerateSamples.self, WriteSamples.self, QueryMetrics.self])
}
