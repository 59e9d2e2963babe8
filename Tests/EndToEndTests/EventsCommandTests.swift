import Foundation
import ServerSupport
import Testing

@Suite(.server(), .serialized) struct `The events command` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
        guard try server.get("/readyz").text.contains("\"last_id\":0}") else { return }
        for (id, app, session, tool) in [
            ("a", "web", "session-0001", #""Bash""#),
            ("b", "a-longer-app-name", "s2", #""WebSearch""#),
            ("c", "web", "s3", "7"), ("d", "web", "s2", #""Read""#),
        ] {
            var event = SampleEvent(app, id: id)
            event.session = session
            event.timestamp = "\"2025-01-31T10:30:00.5Z\""
            event.agent = id == "d" ? "agent" : nil
            event.type = id == "c" ? "UserPromptSubmit" : "PreToolUse"
            event.data = #"{"tool_name":\#(tool)}"#
            try server.store(event)
        }
    }

    private func events(_ arguments: String...) throws -> CommandRun {
        try CommandRun(["events"] + arguments, environment: ["TIDEMARK_URL": server.url])
    }

    private func output(_ arguments: String...) throws -> String {
        let run = try CommandRun(
            ["events"] + arguments, environment: ["TIDEMARK_URL": server.url])
        #expect(run.status == 0 && run.errors == "")
        return run.output
    }

    @Test func `prints an aligned table, the newest at the bottom`() throws {
        #expect(
            try output() == """
                TIME                      APP           SESSION   TYPE                TOOL
                2025-01-31T10:30:00.500Z  web           session-  PreToolUse          Bash
                2025-01-31T10:30:00.500Z  a-longer-app-name  s2        PreToolUse          WebSearch
                2025-01-31T10:30:00.500Z  web                s3        UserPromptSubmit
                2025-01-31T10:30:00.500Z  web                s2        PreToolUse          Read

                """)
    }

    @Test func `prints the very lines that are stored`() throws {
        let lines = try server.get("/events?order=asc", accept: "application/x-ndjson").text
        #expect(try output("--format", "ndjson") == lines)
        #expect(try output("--format", "ndjson", "--all") == lines)
        #expect(try output("--format", "ndjson", "--data", server.folder) == lines)
        #expect(try output("--format", "ndjson", "--url", server.url + "/") == lines)
    }

    @Test func `prints the CSV that the server gives`() throws {
        let rows = try server.get("/events?order=asc", accept: "text/csv").text
        #expect(try output("--format", "csv") == rows)
        #expect(try output("--format", "csv", "--data", server.folder) == rows)
    }

    @Test(
        arguments: [
            (["--limit", "1"], "d"), (["-l", "2"], "cd"), (["--all", "--limit", "1"], "abcd"),
            (["--app", "web"], "acd"), (["--app", "web", "--app", "a-longer-app-name"], "abcd"),
            (["--session", "s2"], "bd"), (["--session", "s2", "--app", "web"], "d"),
            (["--type", "UserPromptSubmit"], "c"), (["--agent", "agent"], "d"),
            (["--from", "2025-01-31T10:30:00.5Z", "--to", "now"], "abcd"),
            (["--to", "2025-01-31T10:30:00.5Z"], ""),
            (["--from=-1h"], ""), (["--q", "websearch"], "b"), (["--q", "a+b & c"], ""),
        ])
    func `filters as the server does, from a server and from files`(
        arguments: [String], ids: String
    ) throws {
        for place in [["--url", server.url], ["--data", server.folder]] {
            let run = try CommandRun(["events", "--format", "ndjson"] + arguments + place)
            #expect(run.status == 0 && run.errors == "")
            let found = try Array(run.output.utf8).lines.map { line in
                try JSONDecoder().decode(StoredEvent.self, from: Data(line)).eventID
            }
            #expect(found.joined() == ids)
        }
    }

    @Test func `takes a time before now as a value, not as flags`() throws {
        let run = try events("--from", "-1h", "--to", "-1m")
        #expect(run.status == 0 && run.errors == "")
    }

    @Test(
        arguments: [
            ["--limit", "0"], ["--limit", "10001"], ["--limit", "x"], ["--format", "xml"],
            ["--nope"], ["surplus"], ["--url", "x", "--data", "y"],
        ])
    func `says what it was told wrongly, and exits with 2`(arguments: [String]) throws {
        let run = try CommandRun(["events"] + arguments)
        #expect(run.status == 2 && run.output == "")
        #expect(run.errors.hasPrefix("error: "))
    }

    @Test(arguments: ["nowhere", "ftp://localhost", "http://", "127.0.0.1:4000"])
    func `says that an address is none, and exits with 2`(url: String) throws {
        let run = try CommandRun(
            ["events", "--url", url], environment: ["SWIFT_BACKTRACE": "enable=no"])
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix("error: --url "))
    }

    @Test func `says that a time is none, and exits with 2`() throws {
        let run = try events("--from", "yesterday")
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix("error: --from: "))
        #expect(run.output == "")
    }

    @Test func `says that there is no server, and exits with 1`() throws {
        let run = try CommandRun(["events"], environment: ["TIDEMARK_URL": "http://127.0.0.1:1"])
        #expect(run.status == 1)
        #expect(
            run.errors == """
                error: no server answers at http://127.0.0.1:1
                hint: start one with tidemark serve, or read a folder with --data DIR

                """)
        #expect(run.output == "")
    }

    @Test func `says that a folder is none, and exits with 1`() throws {
        let folder = try TemporaryFolder()
        let run = try CommandRun(["events", "--data", folder.path])
        #expect(run.status == 1 && run.output == "")
        #expect(run.errors.hasPrefix("error: \(folder.path) is no data folder\nhint: "))
    }

    @Test func `says that its output takes nothing, and exits with 1`() throws {
        let run = try CommandRun(
            "/bin/sh",
            [
                "-c", "\"$0\" events --url \"$1\" > /dev/full", Products.executable("tidemark"),
                server.url,
            ],
            environment: ["SWIFT_BACKTRACE": "enable=no"])
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("error: "))
    }

    @Test func `reads a folder that nobody serves`() throws {
        let folder = try TemporaryFolder()
        let other = try ServerProcess.start(folder: folder.path)
        let line = try other.post(SampleEvent("app", id: "e1").json).text
        #expect(other.terminate() == 0)
        #expect(try output("--data", folder.path, "--format", "ndjson") == line + "\n")
    }
}
