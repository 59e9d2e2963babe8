import ArgumentParser

/// What a server still does after its last answer, if anybody asks.
struct AftermathOptions: ParsableArguments {
    /// Tidemark writes what it has counted within a second; VictoriaMetrics 1.79 keeps what it has
    /// taken for five before it writes, and has been seen to end after seven.
    private static let flushSeconds = 10
    private static let settleSecondsMax = 120.0

    @Flag(
        help: ArgumentHelp(
            "Wait until Tidemark has counted all that was sent, and say how fast that was. It is "
                + "asked for /metrics/names."))
    var settle = false

    @Option(help: "The data folder: say how large it is when all is written.")
    var folder: String?

    /// - Parameter seconds: how long the run took.
    func await(_ server: ServerAddress, after seconds: Double) async throws -> Aftermath {
        var aftermath = Aftermath()
        if settle { aftermath.countedSeconds = seconds + (try await settleSeconds(server)) }
        if let folder {
            try await Task.sleep(for: .seconds(Self.flushSeconds))
            aftermath.folderBytes = try diskUse(of: folder)
        }
        return aftermath
    }

    /// A server that is far behind says so, and is asked again.
    private func settleSeconds(_ server: ServerAddress) async throws -> Double {
        let query = Query(targets: ["/metrics/names"], countMax: 1)
        let start = ContinuousClock.now
        while true {
            let tally = try await LoadRun.measure(LoadPlan(server: server, work: .query(query)))
                .tally
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            if tally.errors == 0 { return seconds }
            guard tally.failuresByStatus[503] != nil, seconds < Self.settleSecondsMax else {
                throw Unsettled(reason: tally.firstFailure ?? "no answer")
            }
        }
    }
}

/// The server does not say that it has counted what it was sent.
struct Unsettled: Error, CustomStringConvertible {
    let reason: String

    var description: String { "GET /metrics/names: \(reason)" }
}

struct Aftermath {
    /// From the start of the run.
    var countedSeconds: Double?
    var folderBytes: Int?

    /// - Parameters:
    ///   - kind: what was sent, in the singular and in the plural.
    func rows(_ kind: (one: String, many: String), count: Int) -> [Report.Row] {
        var rows: [Report.Row] = []
        if let countedSeconds {
            rows.append(
                Report.Row(
                    key: "counted_per_second", name: "\(kind.many)/s until counted",
                    value: Double(count) / countedSeconds))
        }
        if let folderBytes {
            rows += [
                Report.Row(
                    key: "folder_mb", name: "folder MB", value: Double(folderBytes) / 1e6,
                    digits: 1),
                Report.Row(
                    key: "folder_bytes_each", name: "  bytes a \(kind.one)",
                    value: Double(folderBytes) / Double(max(1, count)), digits: 2),
            ]
        }
        return rows
    }
}
