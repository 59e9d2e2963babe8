import Foundation
import Storage
import Testing
import TimeSeries

@testable import Delivery

@Suite struct `A message's body` {
    private static let at = Timestamp(milliseconds: 1_764_000_000_120)

    private func message(
        _ from: String, _ to: String, type: String, tags: String = "{}",
        level: EpisodeRow.Level = .critical
    ) -> Message {
        let transition = TransitionRow(
            seq: 7, episode: 3, kpi: "hook_p95", tags: tags, at: Self.at, from: from, to: to,
            type: type, value: "512.5", logID: EventID(1), notifies: true,
            body: Array(#"{"alert_id":"3","unit":"ms","url":"http://t/metrics?a=1&b=2"}"#.utf8))
        let episode = EpisodeRow(
            id: 3, kpi: "hook_p95", tags: tags, level: level, state: .firing,
            startedAt: Self.at.advanced(byMilliseconds: -60_120), query: "")
        return .transition(transition, episode)
    }

    private func text(_ message: Message, _ format: WebhookFormat) -> String {
        String(
            decoding: message.body(
                format, webhook: "oncall", limits: DeliveryLimits(), now: Self.at), as: UTF8.self)
    }

    @Test func `is the standard's type, timestamp and data`() {
        #expect(
            text(message("alert", "critical", type: "kpi.critical"), .standard)
                == #"{"type":"kpi.critical","timestamp":"2025-11-24T16:00:00.120Z","data":"#
                + #"{"alert_id":"3","unit":"ms","url":"http://t/metrics?a=1&b=2"}}"#)
        #expect(
            text(.watchdog, .standard)
                == #"{"type":"watchdog","timestamp":"2025-11-24T16:00:00.120Z","data":{}}"#)
    }

    @Test func `is version 4 of Alertmanager's to the byte`() {
        #expect(
            text(
                message(
                    "on_target", "critical", type: "kpi.critical",
                    tags: #"{"source_app":"web"}"#), .alertmanager)
                == #"{"receiver":"oncall","status":"firing","alerts":[{"status":"firing","#
                + #""labels":{"alertname":"hook_p95","kpi":"hook_p95","severity":"critical","#
                + #""source_app":"web"},"annotations":{"summary":"hook_p95 is critical at 512.5 ms"},"#
                + #""startsAt":"2025-11-24T15:59:00Z","endsAt":"0001-01-01T00:00:00Z","#
                + #""generatorURL":"http://t/metrics?a=1&b=2","fingerprint":"FINGERPRINT"}],"#
                .replacing("FINGERPRINT", with: Self.fingerprint)
                + #""groupLabels":{"alertname":"hook_p95"},"commonLabels":{"alertname":"hook_p95","#
                + #""kpi":"hook_p95","severity":"critical","source_app":"web"},"#
                + #""commonAnnotations":{"summary":"hook_p95 is critical at 512.5 ms"},"#
                + #""externalURL":"","version":"4","groupKey":"{}:{alertname=\"hook_p95\"}","#
                + #""truncatedAlerts":0}"#)
    }

    private static var fingerprint: String {
        AlertmanagerAlert(
            labels: [
                .init("alertname", "hook_p95"), .init("kpi", "hook_p95"),
                .init("severity", "critical"), .init("source_app", "web"),
            ], annotations: [], startsAt: at, endsAt: nil, generatorURL: ""
        ).fingerprint
    }

    /// The one that Alertmanager 0.25.0 gave these labels.
    @Test func `has Alertmanager's fingerprints`() {
        let alert = AlertmanagerAlert(
            labels: [
                .init("alertname", "KPI"), .init("kpi", "hook_p95"), .init("severity", "critical"),
            ], annotations: [], startsAt: Self.at, endsAt: nil, generatorURL: "")
        #expect(alert.fingerprint == "820eb660562bbc04")
    }

    @Test func `ends one level's alert for Alertmanager where another one begins`() throws {
        let body = text(message("alert", "critical", type: "kpi.critical"), .alertmanager)
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        #expect(object["status"] as? String == "firing")
        let alerts = try #require(object["alerts"] as? [[String: Any]])
        #expect(alerts.map { $0["status"] as? String } == ["firing", "resolved"])
        #expect(
            alerts.map { ($0["labels"] as? [String: String])?["severity"] } == [
                "critical", "alert",
            ])
        #expect(
            alerts.map { $0["endsAt"] as? String }
                == ["0001-01-01T00:00:00Z", "2025-11-24T16:00:00.12Z"])
        #expect((object["commonLabels"] as? [String: String])?["severity"] == nil)
    }

    @Test(arguments: [
        ("critical", "on_target", "kpi.resolved", "resolved", "critical"),
        ("no_data", "on_target", "kpi.resolved", "resolved", "critical"),
        ("alert", "no_data", "kpi.expired", "resolved", "alert"),
        ("alert", "no_data", "kpi.no_data", "firing", "alert"),
        ("on_target", "alert", "kpi.alert", "firing", "alert"),
    ])
    func `says to Alertmanager what fires and what has ended`(
        from: String, to: String, type: String, status: String, severity: String
    ) throws {
        let body = text(message(from, to, type: type), .alertmanager)
        #expect(body.hasPrefix(#"{"receiver":"oncall","status":"\#(status)","alerts":[{"#))
        #expect(body.contains(#""severity":"\#(severity)""#))
        #expect(body.components(separatedBy: #""fingerprint""#).count == 2)
    }

    @Test func `for Alertmanager's own API ends by itself unless it is sent again`() throws {
        let firing = text(message("on_target", "alert", type: "kpi.alert"), .alertmanagerAPI)
        #expect(firing.contains(#""endsAt":"2025-11-24T16:04:00.12Z""#))
        #expect(firing.hasPrefix(#"[{"labels":{"alertname":"hook_p95""#))
        let over = text(message("alert", "on_target", type: "kpi.resolved"), .alertmanagerAPI)
        #expect(over.contains(#""endsAt":"2025-11-24T16:00:00.12Z""#))
    }

    @Test func `has names of labels that Alertmanager takes`() {
        let body = text(
            message(
                "on_target", "alert", type: "kpi.alert",
                tags: #"{"9lives":"1","alertname":"mine","host.name":"a\"b"}"#), .alertmanagerAPI)
        #expect(body.contains(#""_9lives":"1""#) && body.contains(#""host_name":"a\"b""#))
        #expect(body.contains(#""alertname":"hook_p95""#))
    }

    @Test func `for Slack is a line in which no sender's text is a link`() throws {
        let body = text(
            message(
                "on_target", "critical", type: "kpi.critical",
                tags: #"{"source_app":"<!channel> & \"x\""}"#), .slack)
        let object = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: String]
        #expect(
            object?["text"]
                == ":red_circle: hook_p95 (source_app=&lt;!channel&gt; &amp; \"x\"): on_target → "
                + "critical at 512.5 ms <http://t/metrics?a=1&amp;b=2|events>")
    }
}
