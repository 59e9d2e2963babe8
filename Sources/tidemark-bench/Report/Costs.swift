/// What a run has cost, on both sides.
struct Costs {
    var clientCPUSeconds = 0.0
    /// Nil where nobody asked for it.
    var server: ServerUse?

    /// Runs the body, and tells what it has cost.
    static func metering<Result>(
        serverPID pid: Int32?, _ body: () async throws -> Result
    ) async throws -> (result: Result, costs: Costs) {
        let serverBefore = try pid.map(ProcessUsage.init(pid:))
        let ownBefore = try ProcessUsage(pid: .own)
        let result = try await body()
        let ownAfter = try ProcessUsage(pid: .own)
        var costs = Costs(clientCPUSeconds: ownAfter.cpuSeconds - ownBefore.cpuSeconds)
        if let pid, let serverBefore {
            let after = try ProcessUsage(pid: pid)
            costs.server = ServerUse(before: serverBefore, after: after)
        }
        return (result, costs)
    }

    var rows: [Report.Row] {
        let own = Report.Row(
            key: "client_cpu_seconds", name: "client CPU s", value: clientCPUSeconds, digits: 2)
        guard let server else { return [own] }
        return [
            own,
            Report.Row(
                key: "server_cpu_seconds", name: "server CPU s", value: server.cpuSeconds,
                digits: 2),
            Report.Row(
                key: "server_rss_mb", name: "server RSS MB", value: server.residentMegabytes,
                digits: 1),
            Report.Row(
                key: "server_peak_rss_mb", name: "server peak RSS MB",
                value: server.residentPeakMegabytes, digits: 1),
        ]
    }
}
