import ServerSupport
import Testing

@Suite(.server()) struct `Following events` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private func follow(_ arguments: [String]) throws -> RunningProcess {
        try RunningProcess(
            Products.executable("tidemark"),
            ["events", "--follow", "--format", "ndjson"] + arguments)
    }

    @Test(arguments: [true, false])
    func `prints what was there and what comes, once each, until interrupted`(
        fromServer: Bool
    ) throws {
        let app = SampleEvent.newApp()
        let first = try server.post(SampleEvent(app, id: "e0").json).text
        let place = fromServer ? ["--url", server.url] : ["--data", server.folder]
        let process = try follow(["--app", app] + place)
        #expect(process.readLine() == first)
        for number in 1..<3 {
            try server.store(SampleEvent("another-app"))
            let line = try server.post(SampleEvent(app, id: "e\(number)").json).text
            #expect(process.readLine() == line)
        }
        process.signal(2)
        // A shell says 130 of what a signal 2 has ended.
        #expect([-2, 130].contains(process.waitForExit()))
        #expect(process.outputText == "" && process.errorText == "")
    }

    @Test func `begins with nothing where nothing is there`() throws {
        let app = SampleEvent.newApp()
        let process = try follow(["--app", app, "--url", server.url])
        let line = try server.post(SampleEvent(app).json).text
        #expect(process.readLine() == line)
        process.signal(2)
        _ = process.waitForExit()
    }

    @Test func `prints many that come together, in their order`() throws {
        let app = SampleEvent.newApp()
        let process = try follow(["--app", app, "--url", server.url, "--limit", "1"])
        let lines = (0..<3_000).map { SampleEvent(app, id: "e\($0)").json + "\n" }.joined()
        #expect(try server.postLines(lines).status == 200)
        for number in 0..<3_000 {
            let line = try #require(process.readLine())
            try #require(line.contains(#","event_id":"e\#(number)","#))
        }
        process.signal(2)
        _ = process.waitForExit()
        #expect(process.outputText == "")
    }

    @Test func `ends with its server, and says so`() throws {
        let folder = try TemporaryFolder()
        let other = try ServerProcess.start(folder: folder.path)
        let line = try other.post(SampleEvent("app").json).text
        let process = try follow(["--url", other.url])
        #expect(process.readLine() == line)
        #expect(other.terminate() == 0)
        #expect(process.waitForExit() == 1)
        #expect(process.errorText.hasPrefix("error: no server answers at "))
    }
}
