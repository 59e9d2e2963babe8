internal import Foundation
internal import Storage
internal import StrictJSON
internal import TimeSeries

/// What a webhook is told, whatever its format.
enum Message: Sendable {
    case transition(TransitionRow, EpisodeRow?)
    /// Alerts that fire still.
    case firing([(transition: TransitionRow, episode: EpisodeRow?)])
    case watchdog
    case test

    /// - Parameters:
    ///   - webhook: its id.
    ///   - now: the moment of sending. Only what must not be the same in a later attempt depends on it.
    func body(
        _ format: WebhookFormat, webhook: String, limits: DeliveryLimits, now: Timestamp
    ) -> [UInt8] {
        switch format {
        case .standard: standardBody(now)
        case .slack: slackBody()
        case .alertmanager:
            AlertmanagerBody(receiver: webhook, alerts: alerts(now: now)).webhookBytes
        case .alertmanagerAPI:
            AlertmanagerBody(receiver: webhook, alerts: alerts(now: now))
                .apiBytes(firingUntil: now.advanced(byMilliseconds: 4 * limits.resendMilliseconds))
        }
    }

    private func standardBody(_ now: Timestamp) -> [UInt8] {
        switch self {
        case .transition(let transition, _):
            Self.standard(transition.type, transition.at, transition.body)
        case .watchdog: Self.standard("watchdog", now, Array("{}".utf8))
        case .test: Self.standard("test", now, Array("{}".utf8))
        case .firing: []
        }
    }

    private static func standard(
        _ type: String, _ time: Timestamp, _ data: [UInt8]
    ) -> [UInt8] {
        var bytes = Array(#"{"type":"#.utf8)
        JSONString.encode(type, appendingTo: &bytes)
        bytes += Array(#","timestamp":""#.utf8)
        time.appendRFC3339(to: &bytes)
        bytes += Array(#"","data":"#.utf8) + data
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    // MARK: Slack

    private func slackBody() -> [UInt8] {
        var bytes = Array(#"{"text":"#.utf8)
        JSONString.encode(slackText, appendingTo: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private var slackText: String {
        switch self {
        case .transition(let transition, _):
            let details = AlertDetails(transition)
            let mark =
                switch transition.to {
                case "critical": ":red_circle:"
                case "alert": ":large_orange_circle:"
                case "no_data": ":grey_question:"
                default: ":large_green_circle:"
                }
            let group = details.tags.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
            let link = details.url.map { " <\(Self.escaped($0))|events>" } ?? ""
            return Self.escaped(
                "\(mark) \(transition.kpi)\(group.isEmpty ? "" : " (\(group))"): "
                    + "\(transition.from) → \(transition.to)\(details.valueText)") + link
        case .watchdog: return ":white_check_mark: Tidemark is alive"
        case .test: return ":wave: a test message of Tidemark's"
        case .firing: return ""
        }
    }

    /// What would be a link or a mention.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
    }

    // MARK: Alertmanager

    private func alerts(now: Timestamp) -> [AlertmanagerAlert] {
        switch self {
        case .transition(let transition, let episode):
            AlertmanagerAlert.alerts(of: transition, episode)
        case .firing(let all):
            all.flatMap { AlertmanagerAlert.alerts(of: $0.transition, $0.episode) }
                .filter { $0.endsAt == nil }
        case .watchdog: [.ofServer("Watchdog", "Tidemark is alive", at: now, isOver: false)]
        case .test: [.ofServer("TidemarkTest", "a test message", at: now, isOver: true)]
        }
    }
}

/// What the `data` of a transition says beyond its columns.
struct AlertDetails {
    private struct Data: Decodable {
        let unit: String?
        let url: String?
    }

    let tags: [SeriesKey.Tag]
    let value: String?
    let unit: String
    let url: String?

    init(_ transition: TransitionRow) {
        let canonical = Array(("kpi" + transition.tags).utf8)
        tags = (try? SeriesKey(canonical: canonical.span))?.tags ?? []
        let data = try? JSONDecoder().decode(Data.self, from: Foundation.Data(transition.body))
        value = transition.value
        unit = data?.unit ?? ""
        url = data?.url
    }

    var valueText: String {
        guard let value else { return "" }
        return " at \(value)" + (unit.isEmpty || unit == "1" ? "" : " \(unit)")
    }
}
