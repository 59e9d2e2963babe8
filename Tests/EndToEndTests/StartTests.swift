import ServerSupport
import Testing

@Suite struct `The serve command` {
    private static func serve(_ arguments: String..., folder: TemporaryFolder) throws -> CommandRun
    {
        try CommandRun(["serve", "--data", folder.path + "/data"] + arguments, in: folder.path)
    }

    @Test func `picks a free port for 0 and says it on one line`() throws {
        let folder = try TemporaryFolder()
        let process = try RunningProcess(
            Products.executable("tidemark"), ["serve", "--port", "0", "--data", folder.path])
        let line = try #require(process.readLine())
        #expect(line.wholeMatch(of: /listening on http:\/\/127\.0\.0\.1:[1-9][0-9]*/) != nil)
        process.signal(15)
        #expect(process.waitForExit() == 0)
        #expect(process.outputText == "" && process.errorText == "")
    }

    @Test func `ends as well when it is interrupted from the keyboard`() throws {
        let folder = try TemporaryFolder()
        let process = try RunningProcess(
            Products.executable("tidemark"), ["serve", "--port", "0", "--data", folder.path])
        #expect(process.readLine()?.hasPrefix("listening on ") == true)
        process.signal(2)
        #expect(process.waitForExit() == 0)
    }

    @Test(arguments: ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])
    func `refuses to listen on anything but loopback, with a hint`(host: String) throws {
        let folder = try TemporaryFolder()
        let run = try Self.serve("--host", host, "--port", "0", folder: folder)
        #expect(run.status == 1 && run.output == "")
        #expect(run.errors.hasPrefix("error: refuses to listen on \(host)"))
        #expect(run.errors.contains("\nhint: listen on 127.0.0.1"))
    }

    @Test(arguments: ["localhost", "::1"])
    func `may listen on loopback under its other names`(host: String) throws {
        let folder = try TemporaryFolder()
        let process = try RunningProcess(
            Products.executable("tidemark"),
            ["serve", "--host", host, "--port", "0", "--data", folder.path])
        let line = process.readLine() ?? process.errorText
        #expect(
            line.hasPrefix("listening on http://127.0.0.1:")
                || line.hasPrefix("listening on http://[::1]:"))
        process.signal(15)
        #expect(process.waitForExit() == 0)
    }

    @Test func `says that its port is taken`() throws {
        let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
        let server = try ServerProcess.start(folder: first.path)
        let process = try RunningProcess(
            Products.executable("tidemark"),
            ["serve", "--port", String(server.port), "--data", second.path])
        let hasEnded = eventually(withinSeconds: 3) { process.errorText.hasPrefix("error: ") }
        process.signal(9)
        #expect(hasEnded)
        #expect(process.waitForExit() == 1)
        #expect(process.errorText.contains(String(server.port)))
        #expect(process.errorText.contains("\nhint: "))
        #expect(try server.get("/healthz").status == 200)
    }

    @Test func `says who holds its folder`() throws {
        let folder = try TemporaryFolder()
        let server = try ServerProcess.start(folder: folder.path + "/data")
        let run = try Self.serve("--port", "0", folder: folder)
        #expect(run.status == 1 && run.output == "")
        #expect(run.errors.contains("the process \(server.pid) holds it"))
        #expect(run.errors.contains("\nhint: "))
    }

    @Test func `makes its folder, for its owner alone`() throws {
        let folder = try TemporaryFolder()
        let server = try ServerProcess.start(folder: folder.path + "/a/b/data")
        let mode = try CommandRun("/usr/bin/stat", ["-c", "%a", server.folder])
        #expect(mode.output == "700\n")
    }

    @Test(
        arguments: [
            ["--port", "65536"], ["--port", "-1"], ["--port", "x"], ["--nope"], ["surplus"],
            ["--set", "nope=1"], ["--set", "event_bytes_max"], ["--set", "event_bytes_max=0"],
            ["--set", "scans_max=many"], ["--config", "missing.yaml"],
        ])
    func `says what it was told wrongly`(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let run = try CommandRun(["serve", "--data", "data"] + arguments, in: folder.path)
        #expect(run.status == 2 && run.output == "")
        #expect(run.errors.hasPrefix("error: "))
        #expect(try CommandRun("/bin/ls", ["-A", folder.path]).output == "")
    }

    @Test func `cannot use a folder that is a file, or redaction rules that are not there`() throws
    {
        let folder = try TemporaryFolder()
        let file = try folder.write("file", "")
        let run = try CommandRun(["serve", "--port", "0", "--data", file])
        #expect(run.status == 1 && run.errors.hasPrefix("error: cannot "))
        let rules = try Self.serve(
            "--port", "0", "--redaction", "missing.yaml", folder: folder)
        #expect(rules.status == 1 && rules.errors.hasPrefix("error: missing.yaml: "))
    }

    @Test func `answers while its disk takes nothing, and goes on when it does`() throws {
        let folder = try TemporaryFolder()
        // No file may grow past 2 MiB: a large event never fits, a small one always, be it into a
        // new partition; the store has room.
        let server = try ServerProcess.start(
            folder: folder.path, preparation: "trap '' XFSZ; ulimit -f 4096")
        let small = SampleEvent("app")
        var large = small
        large.data = "\"" + String(repeating: "x", count: 3_000_000) + "\""
        try server.store(small)
        try server.post(large.json).expectError(503, "log_unavailable")
        let isUnready = try eventually {
            try server.post(large.json).expectError(503, "log_unavailable")
            let answer = try server.get("/readyz")
            if answer.status != 200 { answer.expectError(503, "log_unavailable") }
            return answer.status == 503
        }
        #expect(isUnready)
        #expect(try server.get("/healthz").status == 200)
        #expect(try server.count(ofApp: "app") == 1)
        #expect(try eventually { try server.post(small.json).status == 200 })
        #expect(try server.count(ofApp: "app") == 2)
        #expect(try eventually { try server.get("/readyz").status == 200 })
    }
}
