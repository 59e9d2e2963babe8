import Foundation
import ServerSupport
import TestSupport
import Testing

/// From a sample to the receiver, through the real server. Minutes that were missed are judged when it starts.
@Suite struct `An alert of a KPI` {
    private let folder: ScratchFolder
    private var data: String { folder.path + "/data" }

    init() throws {
        folder = try ScratchFolder()
        let kpis = "kpis:\n  - {name: slow, metric: m, aggregation: max, window: 1m, alert: 200}\n"
        try folder.write(Array(kpis.utf8), to: "kpis.yaml")
    }

    private func start(
        delay: Int, _ receiver: Receiver? = nil, _ environment: [String: String] = [:]
    ) throws -> ServerProcess {
        var arguments = [
            "--kpis", folder.path + "/kpis.yaml", "--set", "kpi_delay_milliseconds=\(delay)",
        ]
        if let receiver {
            let file = "webhooks:\n  - id: w\n    url: \(receiver.url)\n"
            try folder.write(Array(file.utf8), to: "webhooks.yaml")
            arguments += [
                "--webhooks", folder.path + "/webhooks.yaml", "--set",
                "webhook_allow_hosts=\(receiver.host)",
            ]
        }
        return try ServerProcess.start(
            folder: data, arguments: arguments, environment: environment)
    }

    /// Samples of the last minutes, none of which is judged.
    private func sendUnjudged(_ values: [(minutesAgo: Int, value: Int)]) throws {
        let server = try start(delay: 600_000)
        let isJudging = try ServerSupport.eventually {
            try server.connect().request("GET", "/kpis").text.contains(#""judged_at":"20"#)
        }
        #expect(isJudging)
        let now = Int(Date().timeIntervalSince1970 * 1_000)
        let samples = values.map {
            #"{"metric":"m","kind":"gauge","value":\#($0.value),"#
                + #""timestamp":\#(now - $0.minutesAgo * 60_000)}"#
        }
        #expect(
            try server.connect().post("/metrics", "[\(samples.joined(separator: ","))]").status
                == 200)
        #expect(server.terminate() == 0)
    }

    @Test func `and its end are told in their order, each once`() async throws {
        try sendUnjudged([(5, 300), (3, 10)])
        let receiver = try await Receiver([.ok])
        let first = try start(delay: 0, receiver)
        try await expectEventually { receiver.received.count >= 2 }
        first.kill()
        try? FileManager.default.removeItem(atPath: data + "/LOCK")
        let second = try start(delay: 0, receiver)
        let isJudging = try ServerSupport.eventually {
            try second.connect().request("GET", "/kpis").text.contains(#""status":"#)
        }
        #expect(isJudging)
        #expect(second.terminate() == 0)
        // What was under way at the kill may come twice, under the same id.
        var seen: Set<String> = []
        let messages = receiver.received.filter { seen.insert($0.id).inserted }
        #expect(messages.count == 2)
        #expect(messages[0].text.contains(#""type":"kpi.alert""#))
        #expect(messages[0].text.contains(#""value":300"#))
        #expect(messages[1].text.contains(#""type":"kpi.resolved""#))
        #expect(messages[1].text.contains(#""alert_id":1"#))
    }

    @Test func `that is silenced stays in the list and from webhooks`() async throws {
        try sendUnjudged([(5, 300)])
        let silent = try start(delay: 600_000)
        let body = #"{"kpi":"slow","until":"2099-01-01T00:00:00Z","by":"ann"}"#
        #expect(try silent.connect().post("/silences", body).status == 200)
        #expect(silent.terminate() == 0)
        let receiver = try await Receiver([.ok])
        let server = try start(delay: 0, receiver)
        let isFiring = try ServerSupport.eventually {
            try server.connect().request("GET", "/alerts?state=firing").text.contains(
                #""kpi":"slow""#)
        }
        #expect(isFiring)
        #expect(try server.connect().request("GET", "/alerts/1").text.contains(#""silenced":true"#))
        #expect(
            try server.connect().request("GET", "/webhooks/w/deliveries").text
                == #"{"deliveries":[]}"#)
        #expect(server.terminate() == 0)
        #expect(receiver.received.isEmpty)
    }
}
