import Foundation
import ServerSupport
import Testing

@Suite struct `The server's own numbers` {
    @Test func `go into the log as samples do, and are no events`() throws {
        let folder = try TemporaryFolder()
        let server = try ServerProcess.start(
            folder: folder.path, environment: ["TIDEMARK_TELEMETRY_MILLISECONDS": "200"])
        try server.store(SampleEvent("app"))
        let names = [
            "data.size", "disk.free", "events.rate", "ingest.queue.depth", "log.write",
            "process.memory",
        ]
        let isThere = try eventually {
            let answer = try server.metrics("interval=1m")
            return Set(names).isSubset(of: answer.series.map(\.metric))
        }
        #expect(isThere)
        let memory = try server.metrics("interval=1h&metric=process.memory").buckets
        #expect(memory.first?.last.map { $0 > 1_000_000 } == true)
        #expect(try server.page("").events.count == 1)
        #expect(try server.get("/events/filter-options").text.contains(#""source_apps":["app"]"#))
        #expect(server.terminate() == 0)
        let lines = try CommandRun("/bin/sh", ["-c", "cat \"$0\"/log/*", folder.path]).output
        #expect(lines.contains(#","kind":"samples","server_timestamp":"#))
    }
}
