import Foundation
import ServerSupport
import Testing

@Suite struct `Seal` {
    private let folder: TemporaryFolder
    private static let count = 400
    private static let arguments = [
        "--set", "partition_bytes_max=65536", "--set", "recent_events_max=1",
    ]

    /// A data folder of some partitions.
    init() throws {
        folder = try TemporaryFolder()
        let server = try serve()
        for start in stride(from: 0, to: Self.count, by: 50) {
            let answer = try server.connect().request(
                "POST", "/events", headers: ["Content-Type": "application/x-ndjson"],
                body: Array((start..<start + 50).map(Self.line).joined().utf8))
            try #require(answer.status == 200)
        }
        #expect(server.terminate() == 0)
    }

    private static func line(_ number: Int) -> String {
        "{\"type\":\"PostToolUse\",\"source_app\":\"app-\(number % 3)\",\"session_id\":\"s\(number % 7)\","
            + "\"event_id\":\"e\(number)\",\"timestamp\":\(1_738_319_400_000 + number * 1_000),"
            + "\"data\":{\"tool_name\":\"Bash\",\"duration_ms\":\(number),\"text\":\""
            + String(repeating: "words \(number) ", count: 40) + "\"}}\n"
    }

    private func serve(_ more: [String] = []) throws -> ServerProcess {
        try ServerProcess.start(folder: folder.path, arguments: Self.arguments + more)
    }

    private func seal(_ arguments: String...) throws -> CommandRun {
        try CommandRun(["seal", "--data", folder.path] + arguments)
    }

    private var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/log").sorted()
        }
    }

    /// All that a server says of its events, in whatever way it is asked.
    private func answers() throws -> [String] {
        let server = try serve()
        let connection = try server.connect()
        let paths = [
            ("/events?order=asc", "application/x-ndjson"), ("/events", "application/x-ndjson"),
            ("/events", "text/csv"), ("/events?limit=50&before=390", "application/json"),
            ("/events?limit=300&after=17&order=asc", "application/json"),
            ("/events?session_id=s3&type=PostToolUse&limit=1000", "application/json"),
            ("/events?q=words+123", "application/json"), ("/events/1", "application/json"),
            ("/events/200", "application/json"), ("/events/filter-options", "application/json"),
            (
                "/metrics?interval=1m&metric=*&from=2025-01-31T00:00:00Z&to=2025-02-01T00:00:00Z",
                "application/json"
            ),
        ]
        let answers = try paths.map { path, type in
            let answer = try connection.request("GET", path, headers: ["Accept": type])
            #expect(answer.status == 200, "\(path)")
            return answer.text
        }
        let retry = try connection.post("/events", String(Self.line(5).dropLast()))
        #expect(retry.headers["tidemark-duplicate"] == "true")
        #expect(server.terminate() == 0)
        return answers
    }

    @Test func `compresses closed partitions and changes no answer`() throws {
        let before = try answers()
        let plain = try names
        #expect(plain.count > 2)
        let run = try seal()
        #expect(run.status == 0 && run.errors == "")
        let summary = #/sealed [0-9]+ partitions in [0-9.]+ s: [0-9.]+ MB became [0-9.]+ MB, .*\n/#
        #expect(run.output.wholeMatch(of: summary) != nil, "\(run.output)")
        #expect(try names == plain.dropLast().map { $0 + ".zst" } + plain.suffix(1))
        #expect(try answers() == before)
        let verify = try CommandRun(["verify", "--data", folder.path])
        #expect(verify.status == 0, "\(verify.errors)")
        #expect(try seal().output == "nothing to seal: the newest partition stays plain\n")
    }

    @Test func `lets a rebuild and a reader of the folder find the same`() throws {
        let arguments = ["events", "--data", folder.path, "--all", "--format", "ndjson"]
        let before = try CommandRun(arguments).output
        #expect(before.split(separator: "\n").count == Self.count)
        #expect(try seal("--level", "3").status == 0)
        #expect(try CommandRun(arguments).output == before)
        try FileManager.default.removeItem(atPath: folder.path + "/derived.sqlite")
        #expect(try CommandRun(["rebuild", "--data", folder.path]).status == 0)
        #expect(try CommandRun(["verify", "--data", folder.path]).status == 0)
    }

    @Test func `is refused while a server has the folder, and where there is none`() throws {
        let server = try serve()
        let run = try seal()
        #expect(run.status == 1)
        #expect(run.errors.contains("the process \(server.pid) holds it\nhint: a server seals by"))
        let nowhere = try CommandRun(["seal", "--data", "/nowhere/at/all"])
        #expect(nowhere.status == 1)
        #expect(nowhere.errors.hasPrefix("error: /nowhere/at/all is no data folder\nhint: "))
        for level in ["0", "20", "x"] { #expect(try seal("--level", level).status == 2) }
    }

    @Test func `is done by the server, once a partition has its age`() throws {
        let server = try serve(["--set", "seal_age_milliseconds=0"])
        #expect(try eventually { try names.count { $0.hasSuffix(".zst") } == names.count - 1 })
        #expect(try names.count > 2)
        let answer = try server.connect().request("GET", "/events/7")
        #expect(answer.text.contains("\"event_id\":\"e6\""))
        #expect(server.terminate() == 0)
    }

    @Test func `leaves a frame that is damaged later named, and the others readable`() throws {
        #expect(try seal().status == 0)
        let name = try #require(try names.first)
        let file = URL(fileURLWithPath: folder.path + "/log/" + name)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.startIndex + 500] ^= 1
        try bytes.write(to: file)
        let verify = try CommandRun(["verify", "--data", folder.path])
        #expect(verify.status == 3)
        #expect(verify.output.contains(name))
        let events = try CommandRun([
            "events", "--data", folder.path, "--all", "--format", "ndjson",
        ])
        #expect(events.status == 0)
        #expect(
            events.errors.contains("warning: passed over a damaged stretch of the log: \(name)"))
        let left = events.output.split(separator: "\n").count
        #expect(left > 0 && left < Self.count)
        let server = try serve()
        let stream = try server.connect().request(
            "GET", "/events", headers: ["Accept": "application/x-ndjson"])
        #expect(stream.status == 200)
        #expect(stream.text.split(separator: "\n").count == left)
        #expect(eventually { server.errorText.contains(name) })
    }
}
