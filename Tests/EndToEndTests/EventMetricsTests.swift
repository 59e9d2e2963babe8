import Foundation
import ServerSupport
import Testing

@Suite(.server()) struct `Events that were stored` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private func store(
        _ app: String, _ type: String, at time: String, data: String
    ) throws {
        var event = SampleEvent(app)
        (event.type, event.timestamp, event.data) = (type, "\"\(time)\"", data)
        try server.store(event)
    }

    private static let range = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"

    @Test func `are counted at once, in all five intervals`() throws {
        let app = SampleEvent.newApp()
        for minute in [0, 1, 2, 4, 14, 59] {
            try store(
                app, "Stop", at: "2026-01-01T10:\(minute < 10 ? "0" : "")\(minute):30Z", data: "{}")
        }
        let query = "metric=events&tag.source_app=\(app)&\(Self.range)&fields=count,sum"
        for (interval, counts) in [
            ("1m", [1, 1, 1, 1, 1, 1]), ("3m", [3, 1, 1, 1]), ("5m", [4, 1, 1]), ("15m", [5, 1]),
            ("1h", [6]),
        ] {
            let answer = try server.metrics("interval=\(interval)&" + query)
            #expect(answer.series.map(\.metric) == ["events"])
            #expect(answer.series.first?.tags == ["source_app": app, "type": "Stop"])
            #expect(answer.buckets.map(\.count) == counts)
            #expect(answer.buckets.map(\.sum) == counts.map { Decimal($0) })
        }
    }

    @Test func `tell how long tools took, by the line or by its two halves`() throws {
        let app = SampleEvent.newApp()
        try store(
            app, "PostToolUse", at: "2026-01-01T10:00:10Z",
            data: #"{"tool_name":"Bash","tool_use_id":"t1","duration_ms":1500}"#)
        try store(
            app, "PreToolUse", at: "2026-01-01T10:00:20Z",
            data: #"{"tool_name":"Bash","tool_use_id":"t2"}"#)
        try store(
            app, "PostToolUseFailure", at: "2026-01-01T10:00:20.250Z",
            data: #"{"tool_name":"Bash","tool_use_id":"t2"}"#)
        let tags = "tag.source_app=\(app)&\(Self.range)&interval=1m"
        let duration = try server.metrics("metric=tool.duration&" + tags)
        let bucket = try #require(duration.buckets.first)
        #expect(duration.series.first?.unit == "ms" && duration.buckets.count == 1)
        #expect(bucket.count == 2 && bucket.sum == 1_750)
        #expect(bucket.min == 250 && bucket.max == 1_500 && bucket.avg == 875)
        for (metric, count) in [("tool.calls", 2), ("tool.failures", 1), ("tool.starts", 1)] {
            #expect(
                try server.metrics("metric=\(metric)&" + tags).buckets.map(\.sum) == [
                    Decimal(count)
                ])
        }
    }

    @Test func `are counted once, however often they are sent`() throws {
        let app = SampleEvent.newApp()
        let event = SampleEvent(app, id: "e1").json
        for _ in 0..<5 { _ = try server.post(event) }
        let answer = try server.metrics("interval=1h&metric=events&tag.source_app=\(app)")
        #expect(answer.buckets.map(\.count) == [1])
    }

    @Test func `are counted the same after a restart, and after the store is lost`() throws {
        let folder = try TemporaryFolder()
        var server = try ServerProcess.start(folder: folder.path)
        var event = SampleEvent("app")
        event.timestamp = "\"2026-01-01T10:00:00Z\""
        for number in 0..<50 {
            event.data = #"{"tool_name":"T\#(number % 3)","duration_ms":\#(number * 7)}"#
            event.type = number % 2 == 0 ? "PostToolUse" : "PreToolUse"
            try server.store(event)
        }
        let path = "/metrics?interval=15m&metric=*&tag.source_app=app&\(Self.range)"
        let before = try server.get(path).text
        #expect(before.contains("tool.duration"))
        server.kill()
        server = try ServerProcess.start(folder: folder.path)
        #expect(try server.get(path).text == before)
        #expect(server.terminate() == 0)
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: folder.path + "/derived.sqlite" + suffix)
        }
        server = try ServerProcess.start(folder: folder.path)
        #expect(try server.get(path).text == before)
        server.kill()
        // A damaged one is made anew too, and that is said.
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: folder.path + "/derived.sqlite" + suffix)
        }
        try Data(repeating: 0x41, count: 40_000).write(
            to: URL(fileURLWithPath: folder.path + "/derived.sqlite"))
        server = try ServerProcess.start(folder: folder.path)
        #expect(try server.get(path).text == before)
        #expect(server.errorText.contains("derived.sqlite"))
        server.kill()
    }
}
