import Foundation
import ServerSupport
import Storage
import Testing
import TestSupport

/// A real Alertmanager that is fed by us and writes to the receiver to which we write, too.
@Suite struct `A real Alertmanager` {
    private static let tool: String? = {
        let named = ProcessInfo.processInfo.environment["ALERTMANAGER"]
        return [named, "/usr/bin/prometheus-alertmanager"].compactMap(\.self)
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    private static func start(
        _ tool: String, _ folder: ScratchFolder, tells url: String
    ) async throws -> (process: RunningProcess, port: Int) {
        let place = try await Receiver([.ok])
        try await place.close()
        let configuration = """
            route: {receiver: w, group_by: [alertname], group_wait: 1ms, group_interval: 1s}
            receivers: [{name: w, webhook_configs: [{url: "\(url)"}]}]
            """
        try folder.write(Array(configuration.utf8), to: "am.yaml")
        let process = try RunningProcess(
            tool,
            [
                "--config.file", folder.path + "/am.yaml", "--storage.path", folder.path + "/am",
                "--web.listen-address", "127.0.0.1:\(place.port)", "--cluster.listen-address", "",
            ])
        return (process, place.port)
    }

    private static func json(_ bytes: [UInt8]) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(bytes))
    }

    /// Keys and types, without the values; of texts by name, only that they are texts.
    private static func shape(_ value: Any, _ key: String = "") -> String {
        switch value {
        case let object as [String: Any]:
            if key.hasSuffix("abels") || key.hasSuffix("nnotations") {
                return object.values.allSatisfy { $0 is String } ? "{texts}" : "{…}"
            }
            let members = object.sorted { $0.key < $1.key }
            return "{"
                + members.map { "\($0.key):\(shape($0.value, $0.key))" }.joined(separator: ",")
                + "}"
        case let list as [Any]: return "[" + Set(list.map { shape($0) }).sorted().joined() + "]"
        case is String: return "text"
        case is NSNumber: return "number"
        default: return "null"
        }
    }

    private static func alerts(_ port: Int) throws -> [[String: Any]] {
        guard let connection = try? HTTPConnection(port: port) else { return [] }
        let answer = try connection.request("GET", "/api/v2/alerts")
        return try json(answer.body) as? [[String: Any]] ?? []
    }

    @Test(.enabled(if: tool != nil, "needs Debian's prometheus-alertmanager, or ALERTMANAGER"))
    func `shows our alert and its end, and writes to webhooks as we do`() async throws {
        let receiver = try await Receiver([.ok])
        let folder = try ScratchFolder()
        let base = "http://\(receiver.host)"
        let (process, port) = try await Self.start(
            #require(Self.tool), folder, tells: base + "/theirs")
        defer {
            process.signal(SIGKILL)
            _ = process.waitForExit()
        }
        try await expectEventually { (try? HTTPConnection(port: port)) != nil }
        let deliveries = try Deliveries([receiver.host, "127.0.0.1:\(port)"])
        try await deliveries.add("am", "http://127.0.0.1:\(port)", format: "alertmanager-api")
        try await deliveries.add("w", base + "/ours", format: "alertmanager")
        func received(_ target: String, _ status: String) -> Received? {
            receiver.received.first {
                $0.target == target && $0.text.contains(#""status":"\#(status)","alerts""#)
            }
        }
        try await deliveries.run {
            try await deliveries.commit(1...1, to: "critical")
            try await expectEventually { try Self.alerts(port).count == 1 }
            try await expectEventually { received("/theirs", "firing") != nil }
            try await deliveries.commit(1...1, from: "critical", to: "on_target")
            try await expectEventually { try Self.alerts(port).isEmpty }
            try await expectEventually { received("/theirs", "resolved") != nil }
            try await expectEventually { received("/ours", "resolved") != nil }
        }
        for status in ["firing", "resolved"] {
            let theirs = try #require(received("/theirs", status))
            let ours = try #require(received("/ours", status))
            let (left, right) = (try Self.json(theirs.body), try Self.json(ours.body))
            #expect(Self.shape(left) == Self.shape(right))
            func first(_ value: Any) -> [String: Any]? {
                ((value as? [String: Any])?["alerts"] as? [[String: Any]])?.first
            }
            for key in ["labels", "fingerprint", "startsAt", "status", "annotations"] {
                let (left, right) = (first(left)?[key], first(right)?[key])
                #expect(left as? NSObject == right as? NSObject, "\(key)")
                #expect(left != nil)
            }
            func text(_ value: Any, _ key: String) -> String? {
                (value as? [String: Any])?[key] as? String
            }
            #expect(text(left, "groupKey") == text(right, "groupKey"))
        }
    }
}
