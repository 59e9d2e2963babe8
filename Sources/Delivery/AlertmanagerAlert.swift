internal import Storage
internal import TimeSeries

/// An alert as Alertmanager knows it: its labels are its identity, so each level is an alert of its own,
/// and a change of the level ends one and begins another.
struct AlertmanagerAlert: Equatable {
    /// Sorted by name.
    let labels: [SeriesKey.Tag]
    let annotations: [SeriesKey.Tag]
    let startsAt: Timestamp
    /// nil while it fires.
    let endsAt: Timestamp?
    let generatorURL: String

    static func alerts(
        of transition: TransitionRow, _ episode: EpisodeRow?
    ) -> [AlertmanagerAlert] {
        let level = episode?.level.rawValue
        let (from, to) = (severity(transition.from), severity(transition.to))
        let isOver = episode == nil || ["kpi.resolved", "kpi.expired"].contains(transition.type)
        if isOver && to == nil {
            guard let ended = from ?? level else { return [] }
            return [alert(transition, episode, ended, endsAt: transition.at)]
        }
        let firing = alert(transition, episode, to ?? from ?? level ?? "alert", endsAt: nil)
        guard let from, let to, from != to else { return [firing] }
        return [firing, alert(transition, episode, from, endsAt: transition.at)]
    }

    private static func severity(_ status: String) -> String? {
        ["alert", "critical"].contains(status) ? status : nil
    }

    private static func alert(
        _ transition: TransitionRow, _ episode: EpisodeRow?, _ severity: String,
        endsAt: Timestamp?
    ) -> AlertmanagerAlert {
        let details = AlertDetails(transition)
        let own = [
            SeriesKey.Tag("alertname", transition.kpi), SeriesKey.Tag("kpi", transition.kpi),
            SeriesKey.Tag("severity", severity),
        ]
        let tags = details.tags.map { SeriesKey.Tag(labelName($0.key), $0.value) }
        let summary = "\(transition.kpi) is \(transition.to)\(details.valueText)"
        return AlertmanagerAlert(
            labels: SeriesKey(metric: "", tags: tags + own).tags,
            annotations: [SeriesKey.Tag("summary", summary)],
            startsAt: episode?.startedAt ?? transition.at, endsAt: endsAt,
            generatorURL: details.url ?? "")
    }

    /// An alert about the server, not about a KPI.
    static func ofServer(
        _ name: String, _ summary: String, at now: Timestamp, isOver: Bool
    ) -> AlertmanagerAlert {
        AlertmanagerAlert(
            labels: [SeriesKey.Tag("alertname", name), SeriesKey.Tag("severity", "none")],
            annotations: [SeriesKey.Tag("summary", summary)], startsAt: now,
            endsAt: isOver ? now : nil, generatorURL: "")
    }

    /// What Alertmanager 0.25 takes for the name of a label.
    private static func labelName(_ key: String) -> String {
        let name = String(
            key.unicodeScalars.map { scalar -> Character in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_": Character(scalar)
                default: "_"
                }
            })
        return name.first.map { ("0"..."9").contains($0) } == true || name.isEmpty
            ? "_" + name : name
    }

    /// As Prometheus computes it: FNV-1a over the names and values, each followed by a byte that stands in
    /// no text.
    var fingerprint: String {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for label in labels {
            for byte in Array(label.key.utf8) + [0xFF] + Array(label.value.utf8) + [0xFF] {
                hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211
            }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
