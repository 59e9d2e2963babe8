import Foundation
import ServerSupport
import Testing

/// Minutes that were missed are judged when a server starts, so a test need not wait for one.
@Suite struct `KPIs` {
    private let folder: TemporaryFolder
    private var data: String { folder.path + "/data" }

    private static let kpis = """
        kpis:
          - name: slow
            text: It is quick.
            metric: m.latency
            aggregation: max
            window: 1m
            target: 100
            alert: 200
            critical: 500
        """

    init() throws {
        folder = try TemporaryFolder()
    }

    private func start(delay: Int, kpis: String = kpis) throws -> ServerProcess {
        let file = try folder.write("kpis.yaml", kpis)
        return try ServerProcess.start(
            folder: data,
            arguments: ["--kpis", file, "--set", "kpi_delay_milliseconds=\(delay)"])
    }

    /// Samples of the last minutes, none of which is judged.
    private func sendUnjudged(_ values: [(minutesAgo: Int, value: Int)]) throws {
        let server = try start(delay: 600_000)
        #expect(try eventually { try judgedAt(server) != nil })
        let now = Int(Date().timeIntervalSince1970 * 1_000)
        let samples = values.map {
            #"{"metric":"m.latency","kind":"gauge","value":\#($0.value),"#
                + #""timestamp":\#(now - $0.minutesAgo * 60_000)}"#
        }
        #expect(try server.postSample("[\(samples.joined(separator: ","))]").status == 200)
        #expect(server.terminate() == 0)
    }

    private func object(_ server: ServerProcess, _ path: String) throws -> [String: Any] {
        let answer = try server.get(path)
        #expect(answer.status == 200, "\(answer.text)")
        return try #require(
            try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
    }

    private func alerts(_ server: ServerProcess, _ query: String = "") throws -> [[String: Any]] {
        try #require(try object(server, "/alerts\(query)")["alerts"] as? [[String: Any]])
    }

    private func judgedAt(_ server: ServerProcess) throws -> String? {
        try object(server, "/kpis")["judged_at"] as? String
    }

    @Test func `become alerts with a history, and end`() throws {
        try sendUnjudged([(8, 50), (6, 300), (5, 900), (4, 450), (2, 10)])
        let server = try start(delay: 0)
        #expect(try eventually { try alerts(server).first?["state"] as? String == "resolved" })
        let alert = try #require(try alerts(server).first)
        #expect(alert["kpi"] as? String == "slow" && alert["level"] as? String == "critical")
        #expect(alert["peak"] as? Int == 900 && alert["ended_at"] as? String != nil)
        let id = try #require(alert["id"] as? Int)
        let whole = try object(server, "/alerts/\(id)")
        let history = try #require(whole["history"] as? [[String: Any]])
        #expect(
            history.map { $0["type"] as? String } == [
                "kpi.alert", "kpi.critical", "kpi.alert", "kpi.resolved",
            ])
        #expect(try server.get(try #require(alert["query"] as? String)).status == 200)
        #expect(try alerts(server, "?state=firing").isEmpty)
        #expect(try alerts(server, "?state=resolved&kpi=slow").count == 1)
        #expect(try alerts(server, "?kpi=other").isEmpty)

        #expect(try server.get("/metrics").text.contains("\nkpi_status{kpi=\"slow\"} "))
        let seen = try server.request(
            "POST", "/alerts/\(id)/ack", body: Array(#"{"by":"ann"}"#.utf8))
        #expect(seen.status == 200 && seen.text.contains(#""acknowledged_by":"ann""#))
        #expect(server.terminate() == 0)
    }

    @Test func `go on after a kill as if nothing had happened`() throws {
        try sendUnjudged([(5, 300)])
        let first = try start(delay: 0)
        #expect(try eventually { try alerts(first, "?state=firing").count == 1 })
        first.kill()
        try? FileManager.default.removeItem(atPath: data + "/LOCK")
        let second = try start(delay: 0)
        #expect(try eventually { try judgedAt(second) != nil })
        let found = try alerts(second)
        #expect(found.count == 1 && found[0]["state"] as? String == "firing")
        let id = try #require(found[0]["id"] as? Int)
        let history = try #require(
            try object(second, "/alerts/\(id)")["history"] as? [[String: Any]])
        #expect(history.count == 1)
        #expect(second.terminate() == 0)
    }

    @Test func `say the same of the past, but where data came late`() throws {
        try sendUnjudged([(6, 300), (4, 50)])
        let server = try start(delay: 0)
        #expect(try eventually { try alerts(server).first?["state"] as? String == "resolved" })
        let same = try CommandRun(["kpi", "backtest", "--from", "-9m", "--url", server.url])
        #expect(same.status == 0, "\(same.errors)")
        #expect(same.output.contains("slow -  no data -> alert at 300\n"), "\(same.output)")
        #expect(
            same.output.contains(/\n[89] minutes: [2-9] changes as live, 0 not said live, 0 said/))
        // What comes late makes the alert critical, and there never was a fall.
        let now = Int(Date().timeIntervalSince1970 * 1_000)
        let late =
            #"{"metric":"m.latency","kind":"gauge","value":900,"timestamp":\#(now - 360_000)}"#
        #expect(try server.postSample(late).status == 200)
        let other = try CommandRun(["kpi", "backtest", "--from", "-9m", "--url", server.url])
        #expect(other.output.contains("no data -> critical at 900  (not said live)\n"))
        #expect(other.output.contains("no data -> alert at 300  (said live, not now)\n"))
        // Other KPIs.
        let file = try folder.write(
            "other.yaml", Self.kpis.replacing("alert: 200", with: "alert: 400"))
        let changed = try CommandRun(
            ["kpi", "backtest", "--from", "-9m", "--kpis", file, "--url", server.url])
        #expect(changed.status == 0 && changed.output.contains("critical at 900"))
        let wrong = try folder.write("wrong.yaml", "kpis: 5")
        let refused = try CommandRun(
            ["kpi", "backtest", "--kpis", wrong, "--url", server.url])
        #expect(refused.status == 1 && refused.errors.contains("kpis must be a list"))
        #expect(server.terminate() == 0)
    }

    @Test func `are shown on a terminal`() throws {
        try sendUnjudged([(3, 900)])
        let server = try start(delay: 0)
        #expect(try eventually { try alerts(server, "?state=firing").count == 1 })
        let status = try CommandRun(["kpi", "status", "--url", server.url])
        #expect(status.status == 0 && status.output.contains(/\nslow +- +critical +900/))
        let seen = try CommandRun(["alerts", "ack", "1", "--by", "ann", "--url", server.url])
        #expect(seen.status == 0, "\(seen.errors)")
        let list = try CommandRun(["alerts", "--state", "firing", "--url", server.url])
        #expect(
            list.output.contains(/\n1 +slow +- +critical +firing .* 900 +ann\n/), "\(list.output)")
        let none = try CommandRun(["alerts", "--state", "resolved", "--url", server.url])
        #expect(none.output == "there are none\n")
        #expect(server.terminate() == 0)
    }

    @Test func `list what they are`() throws {
        let server = try start(delay: 0)
        let kpis = try #require(try object(server, "/kpis")["kpis"] as? [[String: Any]])
        #expect(kpis.map { $0["kpi"] as? String } == ["slow"])
        #expect(kpis[0]["aggregation"] as? String == "max")
        #expect(kpis[0]["window_seconds"] as? Int == 60)
        #expect((kpis[0]["thresholds"] as? [String: Int])?["critical"] == 500)
        #expect(
            try eventually {
                let all = try object(server, "/kpis")["kpis"] as? [[String: Any]]
                let groups = all?.first?["groups"] as? [[String: Any]]
                return groups?.first?["status"] as? String == "no_data"
            })
        #expect(server.terminate() == 0)
    }

    @Test func `with too many buckets keep no other from being judged`() throws {
        try sendUnjudged([(6, 300), (5, 300), (4, 300)])
        let wide = "  - {name: wide, metric: m.latency, alert: 200, window: 5m}\n"
        let file = try folder.write("kpis.yaml", "kpis:\n" + wide + Self.kpis.dropFirst(6))
        let server = try ServerProcess.start(
            folder: data,
            arguments: [
                "--kpis", file, "--set", "kpi_delay_milliseconds=0", "--set",
                "kpi_window_buckets_max=1",
            ])
        #expect(try eventually { try alerts(server, "?kpi=slow").count == 1 })
        #expect(server.errorText.contains("kpi_window_buckets_max"))
        #expect(server.errorText.contains("kpis=wide"))
        #expect(server.terminate() == 0)
    }

    @Test func `are read again on SIGHUP, unless they have a fault`() throws {
        let server = try start(delay: 0)
        func names() throws -> [String] {
            let kpis = try object(server, "/kpis")["kpis"] as? [[String: Any]]
            return (kpis ?? []).compactMap { $0["kpi"] as? String }
        }
        #expect(try names() == ["slow"])
        _ = try folder.write("kpis.yaml", "kpis:\n  - {name: other, metric: m, alert: 5}\n")
        kill(server.pid, SIGHUP)
        #expect(try eventually { try names() == ["other"] })
        let file = try folder.write("kpis.yaml", "kpis:\n  - {name: other}\n")
        kill(server.pid, SIGHUP)
        #expect(eventually { server.errorText.contains("\(file):2: metric must be a text") })
        #expect(try names() == ["other"])
        #expect(server.terminate() == 0)
    }

    @Test func `are silenced for a while`() throws {
        let server = try start(delay: 0)
        let body = #"{"kpi":"slow","until":"2099-01-01T00:00:00Z","by":"ann","comment":"c"}"#
        let made = try server.request("POST", "/silences", body: Array(body.utf8))
        #expect(made.status == 200, "\(made.text)")
        let silences = try #require(
            try object(server, "/silences")["silences"] as? [[String: Any]])
        #expect(silences.count == 1 && silences[0]["active"] as? Bool == true)
        let id = try #require(silences[0]["id"] as? Int)
        #expect(try server.request("DELETE", "/silences/\(id)").status == 204)
        try server.request("DELETE", "/silences/\(id)").expectError(404, "not_found")
        #expect(server.terminate() == 0)
    }

    @Test(
        arguments: [
            ("/silences", "", "invalid_body"), ("/silences", "{}", "invalid_body"),
            ("/silences", #"{"until":"2099-01-01T00:00:00Z","by":"a"}"#, "invalid_body"),
            ("/silences", #"{"kpi":"a","until":"2001-01-01T00:00:00Z","by":"a"}"#, "invalid_body"),
            ("/silences", #"{"kpi":"a","until":"2099-01-01T00:00:00Z","by":""}"#, "invalid_body"),
            (
                "/silences", #"{"level":"x","until":"2099-01-01T00:00:00Z","by":"a"}"#,
                "invalid_body"
            ),
            ("/alerts/1/ack", #"{"by":5}"#, "invalid_body"),
        ])
    func `refuse what cannot be meant`(path: String, body: String, code: String) throws {
        let server = try start(delay: 0)
        try server.request("POST", path, body: Array(body.utf8)).expectError(400, code)
        try server.request("POST", "/alerts/9/ack", body: Array(#"{"by":"a"}"#.utf8))
            .expectError(404, "not_found")
        for path in ["/alerts/x", "/alerts/9"] {
            try server.get(path).expectError(404, "not_found")
        }
        try server.get("/alerts?state=x").expectError(400, "invalid_parameter")
        #expect(server.terminate() == 0)
    }

    @Test func `with a fault keep the server from starting`() throws {
        let file = try folder.write("kpis.yaml", "kpis:\n  - {name: k, metric: m}\n")
        let run = try CommandRun(["serve", "--port", "0", "--data", data, "--kpis", file])
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("error: \(file):2: alert is missing\nhint: "))
    }
}
