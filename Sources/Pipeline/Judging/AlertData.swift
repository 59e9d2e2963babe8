internal import KPI
internal import Storage
internal import StrictJSON
internal import TimeSeries

/// The `data` of a message about an alert:
///
///     {"alert_id":7,"kpi":"hook.latency","status":"alert","previous_status":"on_target","value":312.5,"unit":"ms",
///      "thresholds":{"target":100,"alert":200,"critical":500},"tags":{},"labels":{},"text":"…",
///      "started_at":"…","url":"/alerts/7","query":"/events?from=…"}
struct AlertData {
    let kpi: KPIDefinition
    let transition: StatusMachine.Transition
    let episode: EpisodeRow?
    let episodeID: Int64?
    /// Canonical.
    let tags: String
    let unit: String

    var bytes: [UInt8] {
        var json = "{\"alert_id\":\(episodeID.map(String.init) ?? "null")"
        json += ",\"kpi\":\(kpi.name.quoted)"
        json += ",\"status\":\"\(transition.to.status.rawValue)\""
        json += ",\"previous_status\":\"\(transition.from.status.rawValue)\""
        json += ",\"value\":\(transition.value?.decimal() ?? "null"),\"unit\":\(unit.quoted)"
        json += ",\"thresholds\":{\"target\":\(kpi.target?.decimal() ?? "null")"
        json += ",\"alert\":\(kpi.alert.decimal())"
        json += ",\"critical\":\(kpi.critical?.decimal() ?? "null")}"
        json += ",\"tags\":\(tags),\"labels\":{"
        json += kpi.labels.sorted { $0.key < $1.key }
            .map { "\($0.key.quoted):\($0.value.quoted)" }.joined(separator: ",")
        json += "},\"text\":\(kpi.text.quoted)"
        let start = episode?.startedAt ?? transition.at
        json += ",\"started_at\":\"\(start)\""
        let url = episodeID.map { "/alerts/\($0)" } ?? "/kpis"
        json += ",\"url\":\"\(url)\",\"query\":\((episode?.query ?? "").quoted)}"
        return Array(json.utf8)
    }
}

extension String {
    /// As a token of JSON.
    var quoted: String {
        JSONString.token(self)
    }
}
