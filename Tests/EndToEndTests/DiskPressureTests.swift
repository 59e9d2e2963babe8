import Foundation
import ServerSupport
import Testing

/// No disk has as much room as these policies want.
@Suite struct `A disk with little room` {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func serve(_ disk: String, _ settings: [String] = []) throws -> ServerProcess {
        let policy = folder.path + "/policy.yaml"
        try "disk: {\(disk)}\n".write(toFile: policy, atomically: true, encoding: .utf8)
        let more = ["retention_milliseconds=100", "partition_bytes_max=65536"] + settings
        return try ServerProcess.start(
            folder: folder.path + "/data",
            arguments: ["--retention", policy] + more.flatMap { ["--set", $0] },
            environment: ["TIDEMARK_TELEMETRY_MILLISECONDS": "200"])
    }

    private func post(_ count: Int, to server: ServerProcess) throws -> HTTPAnswer {
        let lines = (0..<count).map { number -> String in
            var event = SampleEvent("app", id: "\(count)-\(number)")
            event.data = "{\"text\":\"\(String(repeating: "text ", count: 200))\"}"
            return event.json + "\n"
        }
        return try server.postLines(lines.joined())
    }

    private var partitions: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/data/log")
        }
    }

    @Test func `takes no more events, says why, and goes on answering`() throws {
        let first = try serve("free: 0B, refuse: 0B")
        #expect(try post(10, to: first).status == 200)
        #expect(first.terminate() == 0)
        let server = try serve("free: 1000TiB, refuse: 1000TiB")
        let isRefused = try eventually { try post(5, to: server).status == 503 }
        #expect(isRefused)
        let refusal = try post(5, to: server)
        #expect(refusal.status == 503 && refusal.text.contains(#""code":"no_space""#))
        #expect(refusal.headers["retry-after"] == "1")
        let sample = try server.request(
            "POST", "/write", body: Array("load,host=a value=1\n".utf8))
        #expect(sample.status == 503 && sample.text.contains("no_space"), "\(sample.text)")
        let readiness = try server.get("/readyz")
        #expect(readiness.status == 503 && readiness.text.contains("no_space"))
        #expect(try server.page("").events.count >= 10)
        // Its own numbers still tell of it.
        let isTold = try eventually {
            try server.metrics("interval=1m&metric=disk.free").series.count == 1
        }
        #expect(isTold)
        #expect(server.errorText.contains("no room on the disk: takes no more events"))
        #expect(server.terminate() == 0)
        let later = try serve("free: 0B, refuse: 0B")
        #expect(try post(5, to: later).status == 200)
    }

    @Test func `has its partitions sealed at once`() throws {
        let server = try serve("free: 1000TiB, refuse: 0B, early_age: 1d")
        for count in 70..<74 { #expect(try post(count, to: server).status == 200) }
        let isSealed = try eventually {
            try partitions.count { $0.hasSuffix(".zst") } >= 3
        }
        #expect(isSealed)
        #expect(try partitions.count >= 4)
        #expect(server.errorText.contains("little room on the disk: seals and removes early"))
        #expect(try CommandRun(["verify", "--url", server.url]).status == 0)
    }

    @Test func `loses what the policy lets go early, and no more`() throws {
        let server = try serve("free: 1000TiB, refuse: 0B, early_age: 1s")
        for count in 70..<74 { #expect(try post(count, to: server).status == 200) }
        let isRemoved = try eventually { try partitions.count == 1 }
        #expect(isRemoved)
        #expect(server.errorText.contains("free_space"))
        #expect(try CommandRun(["verify", "--url", server.url]).status == 0)
        let answer = try server.metrics("interval=1h&metric=events&from=2000-01-01T00:00:00Z")
        #expect(answer.buckets.reduce(0) { $0 + ($1.count ?? 0) } == 70 + 71 + 72 + 73)
    }
}
