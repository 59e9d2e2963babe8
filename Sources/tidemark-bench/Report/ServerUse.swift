/// What a run has cost the server.
struct ServerUse: Sendable {
    let cpuSeconds: Double
    let residentMegabytes: Double
    let residentPeakMegabytes: Double

    init(before: ProcessUsage, after: ProcessUsage) {
        cpuSeconds = after.cpuSeconds - before.cpuSeconds
        residentMegabytes = Double(after.residentBytes) / 1e6
        residentPeakMegabytes = Double(after.residentPeakBytes) / 1e6
    }
}
