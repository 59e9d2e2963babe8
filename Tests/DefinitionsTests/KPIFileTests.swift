import Definitions
import Foundation
import KPI
import Testing
import TimeSeries

@Suite struct `A KPI file` {
    private static func definitions(_ text: String) throws -> [KPIDefinition] {
        try KPIFile.definitions(text, file: "k.yaml")
    }

    private static func faults(_ text: String) -> [String] {
        do throws(DefinitionFaults) {
            _ = try KPIFile.definitions(text, file: "k.yaml")
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test func `that is shipped has the KPIs of the system`() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../kpis/default.yaml").path
        let shipped = try Self.definitions(try String(contentsOfFile: path, encoding: .utf8))
        #expect(shipped == KPIDefinition.shipped)
        #expect(
            shipped.map(\.name) == [
                "hook.latency", "hook.timeouts", "event.rate", "memory", "stream.latency",
                "log.write",
            ])
        #expect(
            shipped.map { $0.target?.decimal() } == [
                "100", "0.01", "1000", "2000000000", "50", "10",
            ])
        #expect(
            shipped.map { $0.alert.decimal() } == ["200", "0.01", "500", "3000000000", "100", "20"])
        #expect(
            shipped.map { $0.critical?.decimal() } == [
                "500", "0.05", "100", "4000000000", "200", "50",
            ])
    }

    @Test(arguments: ["", "# nothing\n", "{}", "kpis:\n", "kpis: []"])
    func `may say nothing`(text: String) throws {
        #expect(try Self.definitions(text).isEmpty)
    }

    @Test func `says all that a KPI can be`() throws {
        let found = try Self.definitions(
            """
            kpis:
              - name: slow.tools
                text: Tools are quick.
                metric: tool.duration
                aggregation: p99.9
                window: 15m
                where: {source_app: [web, api], tool: Bash}
                group_by: [source_app]
                good: below
                target: 1
                alert: 2.5
                critical: 1e1
                clear: {alert: 2, critical: 9}
                for: 90s
                keep_firing_for: 0
                when: {metric: events, aggregation: sum, above: 10}
                no_data: alert
                no_data_for: 2h
                damping: {changes: 3, within: 1h}
                labels: {team: platform}
            """)
        var expected = KPIDefinition(
            name: "slow.tools",
            source: .metric(
                "tool.duration", try #require(KPIDefinition.Aggregation(name: "p99.9"))),
            alert: Quantity(parts: 2_500_000))
        expected.text = "Tools are quick."
        expected.windowMilliseconds = 900_000
        expected.tags = ["source_app": ["web", "api"], "tool": ["Bash"]]
        expected.groupBy = ["source_app"]
        expected.target = Quantity(parts: 1_000_000)
        expected.critical = Quantity(parts: 10_000_000)
        expected.clearAlert = Quantity(parts: 2_000_000)
        expected.clearCritical = Quantity(parts: 9_000_000)
        expected.forMilliseconds = 90_000
        expected.guarding = .init(
            "events", .sum, isAbove: true, bound: Quantity(parts: 10_000_000))
        expected.noData = .alert
        expected.noDataMillisecondsMax = 7_200_000
        expected.damping = .init(changesMax: 3, withinMilliseconds: 3_600_000)
        expected.labels = ["team": "platform"]
        #expect(found == [expected])
    }

    private static let good = "kpis:\n  - {name: k, metric: m, alert: 5"

    @Test(
        arguments: [
            ("kpi: []", "k.yaml:1: unknown key kpi; there is kpis"),
            ("kpis: 5", "k.yaml:1: kpis must be a list"),
            ("kpis:\n  - {metric: m, alert: 5}", "k.yaml:2: name must be a text"),
            ("kpis:\n  - {name: k, alert: 5}", "k.yaml:2: metric must be a text"),
            ("kpis:\n  - {name: k, metric: m}", "k.yaml:2: alert is missing"),
            (good + ", alarm: 5}", "k.yaml:2: unknown key alarm"),
            (
                good + ",\n     target: fast}",
                "k.yaml:3: target must be a number, a size like 2GB or a share like 5%"
            ),
            (good + ",\n     target: 6}", "k.yaml:3: target must not be more than alert"),
            (
                good + ",\n     good: above, target: 4}",
                "k.yaml:3: target must not be less than alert"
            ),
            (good + ",\n     critical: 4}", "k.yaml:3: critical must not be less than alert"),
            (
                good + ",\n     clear: {alert: 6}}",
                "k.yaml:3: clear alert must be back on the good side of the threshold"
            ),
            (
                good + ",\n     clear: {critical: 6}}",
                "k.yaml:3: clear critical needs a critical threshold"
            ),
            (
                good + ",\n     window: 90s}",
                "k.yaml:3: window must be whole minutes, from 1m to 24h"
            ),
            (
                good + ",\n     window: 25h}",
                "k.yaml:3: window must be whole minutes, from 1m to 24h"
            ),
            (good + ",\n     for: soon}", "k.yaml:3: for must be a span like 90s, 5m or 1h"),
            (
                good + ",\n     aggregation: p101}",
                "k.yaml:3: aggregation must be avg, sum, rate, min, max, last or a quantile like p95"
            ),
            (good + ",\n     good: up}", "k.yaml:3: good must be one of below, above"),
            (good + ",\n     no_data: maybe}", "k.yaml:3: no_data must be one of keep, alert, ok"),
            (good + ",\n     ratio: {of: a, to: b}}", "k.yaml:2: metric cannot stand beside ratio"),
            (
                good + ",\n     when: {metric: q}}",
                "k.yaml:3: when needs metric, aggregation and one of above and below"
            ),
            (
                good + ",\n     damping: {changes: 3}}",
                "k.yaml:3: damping needs changes, a number, and within, a span like 30m"
            ),
            (
                good + ",\n     group_by: [a, b, c, d, e]}",
                "k.yaml:3: group_by must not have more than 4 tags"
            ),
            (good + "}\n  - {name: k, metric: n, alert: 5}", "k.yaml:3: k is there already"),
        ])
    func `names what is wrong, and where`(text: String, fault: String) {
        #expect(Self.faults(text) == [fault])
    }
}
