import ServerSupport
import Testing

@Suite struct `Too many at once` {
    @Test func `connections wait for one that ends`() throws {
        let folder = try TemporaryFolder()
        let server = try ServerProcess.start(
            folder: folder.path, arguments: ["--set", "connections_max=2"])
        let open = [try server.connect(), try server.connect()]
        for connection in open { #expect(try connection.request("GET", "/healthz").status == 200) }
        let waiting = try HTTPConnection(port: server.port, timeoutSeconds: 1)
        try waiting.sendHead("GET", "/healthz")
        #expect(throws: HTTPConnection.Failure.self) { try waiting.readAnswer() }
        open[0].reset()
        #expect(eventually { (try? waiting.readAnswer().status) == 200 })
        #expect(try open[1].request("GET", "/healthz").status == 200)
    }

    @Test(arguments: ["application/json", "application/x-ndjson"])
    func `bytes of bodies are refused with 503`(type: String) throws {
        let folder = try TemporaryFolder()
        let server = try ServerProcess.start(
            folder: folder.path, arguments: ["--set", "body_bytes_in_flight_max=1048576"])
        // Bodies that are begun and not ended are held, until no more fit.
        let holders = try (0..<12).map { _ in try server.connect() }
        for holder in holders {
            try holder.sendHead(
                "POST", "/events", headers: ["Content-Type": type, "Content-Length": "200000"])
            try holder.send(String(repeating: "z", count: 100_000))
        }
        var event = SampleEvent("app")
        event.data = "\"" + String(repeating: "x", count: 100_000) + "\""
        let wasRefused = try eventually {
            let answer = try server.post(event.json)
            if answer.status != 200 { answer.expectError(503, "too_many_bytes_in_flight") }
            return answer.status == 503
        }
        #expect(wasRefused)
        for holder in holders { holder.reset() }
        #expect(try eventually { try server.post(event.json).status == 200 })
    }

    @Test func `scans of the files are refused with 503`() throws {
        let folder = try TemporaryFolder()
        let server = try ServerProcess.start(
            folder: folder.path,
            arguments: ["--set", "scans_max=1", "--set", "recent_events_max=1"])
        let event = SampleEvent("app").json + "\n"
        #expect(try server.postLines(String(repeating: event, count: 5_000)).status == 200)
        let wasRefused = try eventually {
            let answers = try onThreads(8) { _ in try server.get("/events?q=nowhere") }
            let refused = answers.filter { $0.status != 200 }
            for answer in refused { answer.expectError(503, "too_many_scans") }
            return !refused.isEmpty
        }
        #expect(wasRefused)
        #expect(try server.get("/events?q=nowhere").status == 200)
    }

    @Test func `scans do not break a stream that has begun`() throws {
        let folder = try TemporaryFolder()
        let server = try ServerProcess.start(
            folder: folder.path, arguments: ["--set", "scans_max=1"])
        var event = SampleEvent("app")
        event.data = "\"" + String(repeating: "x", count: 500) + "\""
        let lines = String(repeating: event.json + "\n", count: 5_000)
        #expect(try server.postLines(lines).status == 200)
        // One reader streams while others ask; whoever comes too late is told so at once.
        let answers = try onThreads(4) { number in
            for _ in 1..<20 where number > 0 { _ = try server.get("/events?q=nowhere") }
            return try? server.get("/events", accept: "application/x-ndjson")
        }
        for answer in answers {
            #expect(answer?.status == 503 || answer?.lines.count == 5_000)
        }
    }
}
