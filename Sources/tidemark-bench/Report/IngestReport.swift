#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A run's numbers, for people and for scripts. Megabytes are millions of bytes.
struct IngestReport {
    private let tally: Tally
    private let seconds: Double
    var clientCPUSeconds = 0.0
    var server: ServerUse?

    init(_ measurement: Measurement) {
        tally = measurement.tally
        seconds = measurement.seconds
    }

    /// One number: its key for scripts, its name for people.
    private struct Row {
        let key: String
        let name: String
        let value: Double
        var digits = 0
    }

    private var rows: [Row] {
        trafficRows + latencyRows + troubleRows + costRows
    }

    private var trafficRows: [Row] {
        [
            Row(key: "requests", name: "requests", value: Double(tally.requests)),
            Row(key: "events", name: "events sent", value: Double(tally.events)),
            Row(key: "seconds", name: "seconds", value: seconds, digits: 3),
            Row(key: "events_per_second", name: "events/s", value: perSecond(tally.events)),
            Row(
                key: "megabytes_per_second", name: "MB/s", value: perSecond(tally.bytes) / 1e6,
                digits: 1),
        ]
    }

    private var latencyRows: [Row] {
        [
            Row(key: "p50_ms", name: "p50 ms", value: milliseconds(at: 0.5), digits: 3),
            Row(key: "p95_ms", name: "p95 ms", value: milliseconds(at: 0.95), digits: 3),
            Row(key: "p99_ms", name: "p99 ms", value: milliseconds(at: 0.99), digits: 3),
            Row(
                key: "max_ms", name: "max ms", value: Double(tally.latencies.max) / 1e6,
                digits: 3),
        ]
    }

    private var troubleRows: [Row] {
        let byStatus = tally.failuresByStatus.sorted { $0.key < $1.key }
        return [
            Row(key: "duplicates", name: "duplicates", value: Double(tally.duplicates)),
            Row(key: "rejected", name: "rejected", value: Double(tally.rejected)),
            Row(key: "errors", name: "errors", value: Double(tally.errors)),
            Row(
                key: "connection_errors", name: "  connection",
                value: Double(tally.connectionErrors)),
        ]
            + byStatus.map {
                Row(key: "errors_\($0.key)", name: "  HTTP \($0.key)", value: Double($0.value))
            }
    }

    private var costRows: [Row] {
        let own = Row(
            key: "client_cpu_seconds", name: "client CPU s", value: clientCPUSeconds, digits: 2)
        guard let server else { return [own] }
        return [
            own,
            Row(
                key: "server_cpu_seconds", name: "server CPU s", value: server.cpuSeconds,
                digits: 2),
            Row(
                key: "server_rss_mb", name: "server RSS MB", value: server.residentMegabytes,
                digits: 1),
            Row(
                key: "server_peak_rss_mb", name: "server peak RSS MB",
                value: server.residentPeakMegabytes, digits: 1),
        ]
    }

    private func perSecond(_ count: Int) -> Double {
        seconds > 0 ? Double(count) / seconds : 0
    }

    private func milliseconds(at quantile: Double) -> Double {
        Double(tally.latencies.value(at: quantile)) / 1e6
    }
}

extension IngestReport {
    var table: String {
        var table = Table(alignment: [.left, .right])
        for row in rows { table.add([row.name, row.value.fixed(row.digits)]) }
        return table.text
    }

    /// Flat, on one line.
    var json: String {
        let members = rows.map { "\"\($0.key)\":\($0.value.fixed($0.digits))" }
        return "{\(members.joined(separator: ","))}"
    }

    /// Says on standard error what went wrong first, since a count alone explains nothing.
    func complain() {
        guard let failure = tally.firstFailure else { return }
        let line = "error: the first failure was: \(failure)\n"
        _ = line.utf8CString.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count - 1) }
    }
}
