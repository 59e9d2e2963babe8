internal import Foundation

/// `GET /kpis`
struct KPIStandings: Decodable {
    struct KPI: Decodable {
        let kpi: String
        let unit: String
        let groups: [Group]
    }

    struct Group: Decodable {
        let tags: [String: String]
        let status: String
        let since: String
        let value: Decimal?
        let damped: Bool
    }

    let judged_at: String?
    let kpis: [KPI]

    var text: String {
        var table = TextTable(["kpi", "tags", "status", "value", "since"])
        for kpi in kpis {
            for group in kpi.groups {
                table.append([
                    kpi.kpi, group.tags.words,
                    group.status.replacing("_", with: " ") + (group.damped ? ", damped" : ""),
                    group.value.map { "\($0) \(kpi.unit)" } ?? "-", group.since,
                ])
            }
            if kpi.groups.isEmpty { table.append([kpi.kpi, "-", "not judged yet", "-", "-"]) }
        }
        let judged = judged_at.map { "judged up to \($0)" } ?? "not judged yet"
        return table.text + "\n" + judged + "\n"
    }
}

/// `GET /alerts`
struct AlertPage: Decodable {
    struct Alert: Decodable {
        let id: Int64
        let kpi: String
        let tags: [String: String]
        let level: String
        let state: String
        let started_at: String
        let ended_at: String?
        let peak: Decimal?
        let acknowledged_by: String?
    }

    let alerts: [Alert]

    var text: String {
        guard !alerts.isEmpty else { return "there are none\n" }
        var table = TextTable(
            ["id", "kpi", "tags", "level", "state", "started", "ended", "peak", "seen by"])
        for alert in alerts {
            table.append([
                "\(alert.id)", alert.kpi, alert.tags.words, alert.level, alert.state,
                alert.started_at, alert.ended_at ?? "-", alert.peak.map { "\($0)" } ?? "-",
                alert.acknowledged_by ?? "-",
            ])
        }
        return table.text + "\n"
    }
}

/// The lines of `POST /kpis/backtest`.
struct BacktestText {
    private struct Line: Decodable {
        let type: String
        var at: String?
        var kpi: String?
        var tags: [String: String]?
        var event: String?
        var from: String?
        var to: String?
        var value: Decimal?
        var live: Bool?
        var ticks: Int?
    }

    private var same = 0
    private var onlyNow = 0
    private var onlyLive = 0

    /// - Returns: what is to be shown of a line, if anything.
    mutating func add(_ bytes: ArraySlice<UInt8>) throws -> String? {
        let line = try JSONDecoder().decode(Line.self, from: Data(bytes))
        switch line.type {
        case "transition":
            if line.live == true { same += 1 } else { onlyNow += 1 }
            return text(line, line.live == true ? "" : "  (not said live)")
        case "only_live":
            onlyLive += 1
            return text(line, "  (said live, not now)")
        case "end":
            return "\(line.ticks ?? 0) minutes: \(same) changes as live, \(onlyNow) not said live, "
                + "\(onlyLive) said live alone\n"
        default: return nil
        }
    }

    private func text(_ line: Line, _ note: String) -> String {
        let value = line.value.map { " at \($0)" } ?? ""
        let tags = (line.tags ?? [:]).words
        let words = [line.from, line.to].map { ($0 ?? "").replacing("_", with: " ") }
        return
            "\(line.at ?? "")  \(line.kpi ?? "") \(tags)  \(words[0]) -> \(words[1])\(value)\(note)\n"
    }
}

extension [String: String] {
    fileprivate var words: String {
        isEmpty
            ? "-"
            : sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
}
