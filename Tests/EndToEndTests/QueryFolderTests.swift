import Foundation
import ServerSupport
import Testing

/// A data folder says what its server does, to the byte.
@Suite struct `A query of a data folder` {
    /// What verbs say that ask for different things in different forms.
    private static let verbs =
        [
            ["query", "test.*", "--format", "json"], ["query", "test.*", "--format", "csv"],
            ["query", "test.*"], ["query", "test.time", "--plot"],
            ["query", "test.*", "--interval", "15m", "--fill", "previous", "--group-by", ""],
            ["query", "test.depth", "--tag", "host=b", "--fields", "rate,p99.9"],
            ["query", "tool.*", "--interval", "1h", "--format", "json"],
            ["export", "--interval", "1m", "--metric", "t*"],
        ].map { $0 + FixedSeries.range } + [["metrics", "test.*"], ["metrics", "tool.*"]]

    private static func outputs(_ place: String...) throws -> [String] {
        try verbs.map { verb in
            let run = try CommandRun(verb + place)
            #expect(run.status == 0 && run.errors == "", "\(verb)")
            return run.output
        }
    }

    private static func store(in server: ServerProcess) throws {
        try server.store(samples: FixedSeries.lines)
        try storeTool(in: server, "PreToolUse", at: "2025-01-31T10:07:00Z")
    }

    private static func storeTool(
        in server: ServerProcess, _ type: String, at time: String
    ) throws {
        var event = SampleEvent("app")
        (event.type, event.timestamp) = (type, "\"\(time)\"")
        event.data = #"{"tool_name":"Bash","tool_use_id":"t1"}"#
        try server.store(event)
    }

    @Test(arguments: ["10", "60000"])
    func `says what the server says, while it runs, when it was killed and when it has ended`(
        flushMilliseconds: String
    ) throws {
        let folder = try TemporaryFolder()
        let arguments = ["--set", "flush_milliseconds=\(flushMilliseconds)"]
        let server = try ServerProcess.start(folder: folder.path, arguments: arguments)
        try Self.store(in: server)
        let running = try Self.outputs("--url", server.url)
        #expect(try Self.outputs("--data", folder.path) == running)
        server.kill()
        #expect(try Self.outputs("--data", folder.path) == running)

        // The second half of what waits in the store, or in the log, for it.
        let next = try ServerProcess.start(folder: folder.path, arguments: arguments)
        try Self.storeTool(in: next, "PostToolUse", at: "2025-01-31T10:07:02.5Z")
        let joined = try Self.outputs("--url", next.url)
        #expect(joined != running && joined.contains { $0.contains("\"sum\":2500") })
        #expect(try Self.outputs("--data", folder.path) == joined)
        #expect(next.terminate() == 0)
        #expect(try Self.outputs("--data", folder.path) == joined)
    }

    /// A copy of what a server has left, changed by shell commands.
    private static func changed(_ commands: String) throws -> (TemporaryFolder, [String]) {
        let folder = try TemporaryFolder()
        let server = try ServerProcess.start(folder: folder.path)
        try store(in: server)
        #expect(server.terminate() == 0)
        let told = try outputs("--data", folder.path)
        let run = try CommandRun("/bin/sh", ["-ec", commands], in: folder.path)
        try #require(run.status == 0, "\(run.errors)")
        return (folder, told)
    }

    @Test func `counts the log where nothing is stored, and stores nothing`() throws {
        let (folder, told) = try Self.changed("rm derived.sqlite*; ls > before")
        #expect(try Self.outputs("--data", folder.path) == told)
        let check = try CommandRun("/bin/sh", ["-ec", "ls | diff before -"], in: folder.path)
        #expect(check.status == 0, "\(check.output)")
    }

    @Test(
        arguments: [
            (": > derived.sqlite; rm -f derived.sqlite-*", "it is empty"),
            (
                "rm -f derived.sqlite-*; printf '%8192d' 0 > derived.sqlite",
                "it is damaged, or of another version"
            ),
            (
                "sed -i '1s/\"log_id\":\"[^\"]*\"/\"log_id\":\"other\"/' log/*",
                "it is another log's"
            ),
        ])
    func `counts the log where what is stored is of no use, and says so`(
        commands: String, reason: String
    ) throws {
        let (folder, told) = try Self.changed(commands)
        for (verb, output) in zip(Self.verbs, told) {
            let run = try CommandRun(verb + ["--data", folder.path])
            #expect(run.status == 0 && run.output == output)
            #expect(
                run.errors
                    == "note: counts the whole log, since derived.sqlite is of no use: \(reason)\n")
        }
    }

    @Test func `does not believe a store that is ahead of its log`() throws {
        let (folder, _) = try Self.changed("for file in log/*; do sed -i '2,$d' $file; done")
        let run = try CommandRun(["metrics", "--data", folder.path])
        #expect(run.status == 0 && run.output == "")
        #expect(
            run.errors == """
                note: counts the whole log, since derived.sqlite is of no use: it covers lines that the \
                log does not have
                no metric has a sample yet

                """)
    }

    private static let sqlite = "/usr/bin/sqlite3"

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: sqlite)))
    func `refuses a store of a newer version`() throws {
        let (folder, _) = try Self.changed(
            "\(Self.sqlite) derived.sqlite 'PRAGMA user_version = 99'")
        let run = try CommandRun(["metrics", "--data", folder.path])
        #expect(run.status == 1 && run.output == "")
        #expect(run.errors.hasPrefix("error: cannot read \(folder.path)/derived.sqlite: "))
        #expect(run.errors.hasSuffix("\nhint: use the newer tidemark that wrote it\n"))
    }
}
