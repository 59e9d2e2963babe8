internal import ArgumentParser
internal import Daemon
internal import Foundation
internal import Pipeline
internal import TimeSeries

/// `tidemark events`
struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows events, the newest at the bottom.",
        discussion: """
            Reads from a running server, or with --data from a data folder, also while a server uses it. \
            Filters of different kinds must all hold; the same one given twice means either.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, ndjson, csv
    }

    @OptionGroup var filters: FilterOptionsGroup
    @OptionGroup var place: EventPlaceOptions

    @Option(name: .shortAndLong, help: "How many of the newest events.")
    var limit = 100

    @Flag(help: "All events, from the oldest on.")
    var all = false

    @Flag(name: .shortAndLong, help: "Goes on with events as they come, until interrupted.")
    var follow = false

    @Option(help: "table, ndjson or csv.")
    var format = Format.table

    /// Between two questions for new events.
    private static let pollMilliseconds = 500
    private static let pageEventsMax = 10_000

    func validate() throws {
        guard (1...Self.pageEventsMax).contains(limit) else {
            throw ValidationError(
                "--limit must be from 1 to \(Self.pageEventsMax); --all shows all")
        }
    }

    func run() async throws {
        let source = try await place.source()
        do {
            var printer = EventPrinter(format)
            var last = try await printFirst(from: source, &printer)
            while follow {
                last = try await printNew(after: last, from: source, &printer)
                try await Task.sleep(for: .milliseconds(Self.pollMilliseconds))
            }
        } catch {
            await source.close()
            throw error
        }
        await source.close()
    }

    /// - Returns: the newest id that was there.
    private func printFirst(
        from source: any EventSource, _ printer: inout EventPrinter
    ) async throws -> EventID {
        var query = try filters.query()
        if all { return try await printNew(after: .none, from: source, &printer) }
        query.order = .newestFirst
        var lines: [[UInt8]] = []
        try await source.forEach(query, limit: limit) { lines += $0 }
        try printer.print(lines.reversed())
        return EventPrinter.newestID(of: lines) ?? .none
    }

    private func printNew(
        after id: EventID, from source: any EventSource, _ printer: inout EventPrinter
    ) async throws -> EventID {
        var query = try filters.query()
        query.order = .oldestFirst
        query.after = id
        var last = id
        try await source.forEach(query, limit: nil) { lines in
            try printer.print(lines)
            last = max(last, EventPrinter.newestID(of: lines) ?? .none)
        }
        // Also where there was nothing: the header.
        try printer.print([])
        return last
    }
}

/// The filters of `GET /events`, as flags.
struct FilterOptionsGroup: ParsableArguments {
    @Option(name: .customLong("session"), help: "A session's id. Repeatable.")
    var sessions: [String] = []

    @Option(name: .customLong("app"), help: "A source app. Repeatable.")
    var apps: [String] = []

    @Option(name: .customLong("type"), help: "An event type, such as PreToolUse. Repeatable.")
    var types: [String] = []

    @Option(name: .customLong("agent"), help: "An agent's id. Repeatable.")
    var agents: [String] = []

    @Option(parsing: .unconditional, help: "Event time from: RFC 3339, epoch, now, or like -1h.")
    var from: String?

    @Option(parsing: .unconditional, help: "Event time up to, not included.")
    var to: String?

    @Option(help: "A text that stands in one of the event's strings.")
    var q: String?

    func query() throws -> EventQuery {
        var query = EventQuery()
        query.filter.sessionIDs = sessions
        query.filter.sourceApps = apps
        query.filter.types = types
        query.filter.agentIDs = agents
        query.filter.from = try time(from, "--from")
        query.filter.to = try time(to, "--to")
        query.filter.text = q
        return query
    }

    private func time(_ text: String?, _ flag: String) throws -> Timestamp? {
        guard let text else { return nil }
        guard let time = TimeExpression.parse(text, now: Daemon.now()) else {
            throw CommandFailure(
                message:
                    "\(flag): must be RFC 3339, epoch seconds or milliseconds, now, or like -1h",
                exitCode: 2)
        }
        return time
    }
}
