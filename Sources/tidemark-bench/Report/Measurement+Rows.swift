/// What every run has measured.
extension Measurement {
    /// What was sent: `kind` of it, and so many a second.
    func sentRows(_ kind: String, count: Int) -> [Report.Row] {
        [
            Report.Row(key: "requests", name: "requests", value: Double(tally.requests)),
            Report.Row(key: kind, name: "\(kind) sent", value: Double(count)),
            Report.Row(key: "seconds", name: "seconds", value: seconds, digits: 3),
            Report.Row(
                key: "\(kind)_per_second", name: "\(kind)/s", value: perSecond(Double(count))),
            Report.Row(
                key: "megabytes_per_second", name: "MB/s",
                value: perSecond(Double(tally.bytes)) / 1e6, digits: 1),
        ]
    }

    var latencyRows: [Report.Row] {
        [
            Report.Row(key: "p50_ms", name: "p50 ms", value: milliseconds(at: 0.5), digits: 3),
            Report.Row(key: "p95_ms", name: "p95 ms", value: milliseconds(at: 0.95), digits: 3),
            Report.Row(key: "p99_ms", name: "p99 ms", value: milliseconds(at: 0.99), digits: 3),
            Report.Row(
                key: "max_ms", name: "max ms", value: Double(tally.latencies.max) / 1e6,
                digits: 3),
        ]
    }

    var verdictRows: [Report.Row] {
        [
            Report.Row(key: "duplicates", name: "duplicates", value: Double(tally.duplicates)),
            Report.Row(key: "rejected", name: "rejected", value: Double(tally.rejected)),
        ]
    }

    var errorRows: [Report.Row] {
        let byStatus = tally.failuresByStatus.sorted { $0.key < $1.key }
        return [
            Report.Row(key: "errors", name: "errors", value: Double(tally.errors)),
            Report.Row(
                key: "connection_errors", name: "  connection",
                value: Double(tally.connectionErrors)),
        ]
            + byStatus.map {
                Report.Row(
                    key: "errors_\($0.key)", name: "  HTTP \($0.key)", value: Double($0.value))
            }
    }

    func perSecond(_ amount: Double) -> Double {
        seconds > 0 ? amount / seconds : 0
    }

    private func milliseconds(at quantile: Double) -> Double {
        Double(tally.latencies.value(at: quantile)) / 1e6
    }
}
