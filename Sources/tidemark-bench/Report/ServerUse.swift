/// What a run has cost the server.
struct ServerUse: Sendable {
    let cpuSeconds: Double
    let residentMegabytes: Double
    let residentPeakMegabytes: Double

    /// nil where nobody asked for it.
    init?(before: ProcessUsage?, after: ProcessUsage?) {
        guard let before, let after else { return nil }
        cpuSeconds = after.cpuSeconds - before.cpuSeconds
        residentMegabytes = Double(after.residentBytes) / 1e6
        residentPeakMegabytes = Double(after.residentPeakBytes) / 1e6
    }
}
