import Storage
import TestSupport
import TimeSeries

/// Judgements of an invented fleet, each a minute after the one before.
struct SampleJudgements {
    static let start = Timestamp(milliseconds: 1_764_000_000_000)
    static let minute: Int64 = 60_000
    static let kpi = "db_write_time"

    private(set) var tick = SampleJudgements.start

    /// An alert's change: the episode as it is then, and the transition.
    mutating func judgement(
        _ changes: (episode: Int64, from: String, to: String)..., kpi: String = Self.kpi,
        tags: String = #"{"source_app":"web"}"#, notifies: Bool = true, silenced: Bool = false
    ) -> Judgement {
        tick = tick.advanced(byMilliseconds: Self.minute)
        var judgement = Judgement(tick: tick)
        for (id, from, to) in changes {
            let isOver = to == "on_target"
            judgement.episodes.append(
                EpisodeRow(
                    id: id, kpi: kpi, tags: tags, level: to == "critical" ? .critical : .alert,
                    state: isOver ? .resolved : .firing, startedAt: tick,
                    endedAt: isOver ? tick : nil, peak: "21.5", peakAt: tick,
                    query: "/metrics?interval=1m"))
            judgement.states.append(
                KPIStateRow(
                    kpi: kpi, tags: tags, state: [0, 255, UInt8(truncatingIfNeeded: id)],
                    status: to, since: tick, value: "21.5", episode: isOver ? nil : id))
            judgement.transitions.append(
                TransitionRow(
                    episode: id, kpi: kpi, tags: tags, at: tick, from: from, to: to,
                    type: isOver ? "kpi.resolved" : "kpi." + to, value: "21.5",
                    logID: EventID(42), notifies: notifies, silenced: silenced,
                    body: Array(#"{"alert_id":"\#(id)"}"#.utf8)))
        }
        return judgement
    }

    static func webhook(
        _ id: String, kpis: [String] = [], levels: [String] = [], apps: [String] = []
    ) -> WebhookRow {
        var filter = WebhookRow.Filter()
        filter.kpis = kpis
        filter.levels = levels
        filter.sourceApps = apps
        return WebhookRow(
            id: id, url: "https://example.com/\(id)", format: "standard",
            secrets: ["whsec_b25lIHR3byB0aHJlZSBmb3VyIGZpdmU="], filter: filter, createdAt: start)
    }
}

extension ScratchFolder {
    func control(_ limits: ControlStore.Limits = .init()) throws -> ControlStore {
        try ControlStore(folder: path, limits: limits)
    }
}

extension Outbox {
    /// All that are due an hour after the start.
    func due(_ webhook: String) async throws -> [DueDelivery] {
        try await due(
            webhook, at: SampleJudgements.start.advanced(byMilliseconds: 3_600_000), limit: 100,
            except: [])
    }
}
