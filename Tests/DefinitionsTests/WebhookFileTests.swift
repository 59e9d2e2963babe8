import Definitions
import Delivery
import Testing

@Suite struct `A file of webhooks` {
    private func faults(_ text: String) -> [String] {
        do {
            _ = try WebhookFile.webhooks(text, file: "w.yaml")
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test func `says who is told of what`() throws {
        let drafts = try WebhookFile.webhooks(
            """
            webhooks:
              - id: oncall
                url: https://example.com/hook
                secrets: [whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw]
                kpis: [db_write_time]
                levels: [critical]
                source_apps: [web, "2"]
              - id: life
                url: http://127.0.0.1:9/x
                format: slack
                watchdog: true
            """, file: "w.yaml")
        #expect(drafts.map(\.id) == ["oncall", "life"])
        #expect(drafts[0].format == "standard" && !drafts[0].isWatchdog)
        #expect(drafts[0].secrets == ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
        #expect(drafts[0].kpis == ["db_write_time"] && drafts[0].levels == ["critical"])
        #expect(drafts[0].sourceApps == ["web", "2"])
        #expect(drafts[1].format == "slack" && drafts[1].isWatchdog)
        #expect(try WebhookFile.webhooks("", file: "w.yaml").isEmpty)
    }

    @Test func `tells all that is wrong, with its line`() {
        let found = faults(
            """
            hooks: []
            webhooks:
              - id: On Call
                url: ftp://example.com
                format: teams
                secrets: [whsec_short]
                levels: [warning]
                watchdog: perhaps
                color: red
              - url: https://example.com
                kpis: all
              - id: a
                url: https://example.com
              - id: a
                url: https://example.com
            """)
        #expect(
            found.map { String($0.split(separator: " ").prefix(3).joined(separator: " ")) } == [
                "w.yaml:1: unknown key", "w.yaml:8: watchdog must", "w.yaml:9: unknown key",
                "w.yaml:3: id must", "w.yaml:4: url must", "w.yaml:5: format must",
                "w.yaml:6: secrets must", "w.yaml:7: levels must", "w.yaml:11: kpis must",
                "w.yaml:10: id must", "w.yaml:12: id a", "w.yaml:14: id a",
            ])
    }
}
