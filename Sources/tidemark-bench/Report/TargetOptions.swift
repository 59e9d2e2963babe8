import ArgumentParser

/// What is measured and how it is told: the options of every load.
struct TargetOptions: ParsableArguments {
    @Option(help: "The server; a path after it replaces the usual one.")
    var url: ServerAddress = .standard

    @Option(help: "The server's process: measure its CPU time and memory too.")
    var pid: Int32?

    @Flag(help: "Print one JSON object instead of the table.")
    var json = false

    func show(_ report: Report) {
        print(json ? report.json : report.table)
    }
}
