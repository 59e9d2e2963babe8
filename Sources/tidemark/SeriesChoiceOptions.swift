internal import ArgumentParser
internal import Queries
internal import Rollup

/// Which series are shown, how they become one, and what is told of them.
struct SeriesChoiceOptions: ParsableArguments {
    @Option(
        name: .customLong("tag"),
        help: ArgumentHelp(
            "Only series with this tag. Repeatable: other keys must hold too, of one key any value.",
            valueName: "key=value"))
    var tags: [String] = []

    @Option(
        help: ArgumentHelp(
            "Makes one of the series that agree in this tag. Repeatable; '' makes one of all.",
            valueName: "key"))
    var groupBy: [String] = []

    @Option(help: "count, sum, avg, min, max, last, rate, p0 to p100; with commas between.")
    var fields: String?

    @Option(
        help: "What `last` is of several series. (default: of gauges the sum, else the latest)")
    var across: NameArgument<Across>?

    @Option(help: "What stands where a series has no bucket.")
    var fill = NameArgument(Fill.none)

    @Option(name: .shortAndLong, help: "How many series at most.")
    var limit: Int?

    /// As the server has it.
    private static let seriesMax = 10_000
    /// Buckets that are made up are held in memory, a series at a time.
    private static let filledBucketsMax = 500_000

    func validate() throws {
        guard limit.map((1...Self.seriesMax).contains) ?? true else {
            throw ValidationError("--limit must be from 1 to \(Self.seriesMax)")
        }
    }

    func apply(to ask: inout MetricAsk) throws(CommandFailure) {
        for tag in tags { ask.tags.append(try Self.tag(tag)) }
        ask.groupBy = groupBy
        ask.fields = try readFields()
        ask.across = across?.value
        ask.fill = fill.value
        ask.seriesMax = limit
        guard fill.value == .none || ask.query.bucketsPerSeries <= Self.filledBucketsMax else {
            throw CommandFailure(
                message: "--fill: more than \(Self.filledBucketsMax) buckets of each series",
                hints: ["take a wider --interval, or a later --from"], exitCode: 2)
        }
    }

    private static func tag(_ text: String) throws(CommandFailure) -> (key: String, value: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw CommandFailure(message: "--tag: must be like tool=Bash", exitCode: 2)
        }
        return (String(parts[0]), String(parts[1]))
    }

    private func readFields() throws(CommandFailure) -> [BucketField]? {
        guard let fields else { return nil }
        var read: [BucketField] = []
        for name in fields.split(separator: ",") {
            guard let field = BucketField(name: name) else { throw Self.wrongFields }
            if !read.contains(field) { read.append(field) }
        }
        guard !read.isEmpty else { throw Self.wrongFields }
        return read
    }

    private static let wrongFields = CommandFailure(
        message: "--fields: must be of count, sum, avg, min, max, last, rate and p0 to p100",
        exitCode: 2)
}
