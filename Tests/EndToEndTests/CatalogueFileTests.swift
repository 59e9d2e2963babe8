import Foundation
import ServerSupport
import Testing

@Suite struct `Metrics of one's own` {
    private let folder: TemporaryFolder
    private var data: String { folder.path + "/data" }

    private static let first = """
        metrics:
          - name: queries
            kind: counter
            unit: "1"
            help: Queries that were sent.
            type: DatabaseQuery
            tags: {table: data.table, app: source_app}
          - {name: query.time, kind: distribution, unit: ms, type: DatabaseQuery, number: data.timing.ms}
        """

    init() throws {
        folder = try TemporaryFolder()
    }

    private func start(_ catalogue: String?) throws -> ServerProcess {
        guard let catalogue else { return try ServerProcess.start(folder: data) }
        let file = try folder.write("catalogue.yaml", catalogue)
        let server = try ServerProcess.start(folder: data, arguments: ["--catalogue", file])
        return server
    }

    private func store(_ server: ServerProcess, _ data: [String]) throws {
        for data in data {
            var event = SampleEvent("web")
            event.type = "DatabaseQuery"
            event.data = data
            try server.store(event)
        }
    }

    /// Waits until the entries are in force.
    private func awaitMetric(_ name: String, _ server: ServerProcess) throws {
        let isThere = try eventually {
            try server.get("/metrics/names").text.contains("\"\(name)\"")
        }
        try #require(isThere)
    }

    private func sum(_ metric: String, _ server: ServerProcess, _ more: String = "") throws -> Int {
        let answer = try server.metrics("interval=1h&from=-2h&metric=\(metric)\(more)")
        return try answer.buckets.reduce(0) { $0 + (try #require($1.count)) }
    }

    private func verify() throws {
        let run = try CommandRun(["verify", "--data", data])
        #expect(run.status == 0, "\(run.output)\(run.errors)")
    }

    @Test
    func `are counted from the line on that put them into force, and over the past on demand`()
        throws
    {
        var server = try start(nil)
        try store(server, [#"{"table":"users","timing":{"ms":5}}"#])
        #expect(server.terminate() == 0)

        server = try start(Self.first)
        try awaitMetric("queries", server)
        try store(
            server,
            [
                #"{"table":"users","timing":{"ms":12.5}}"#, #"{"table":"rows","timing":{"ms":7}}"#,
                #"{"table":"rows","timing":{"ms":"7"}}"#, #"{"table":"rows","timing":7}"#,
                #"{"table":"rows","timing":{"ms":1e400}}"#, #"{"table":null}"#, "[1]", "5",
            ])
        let names = try server.get("/metrics/names").text
        #expect(names.contains("Queries that were sent."))
        #expect(try sum("queries", server) == 8)
        #expect(try sum("queries", server, "&tag.table=rows") == 4)
        #expect(try sum("query.time", server) == 2)
        #expect(try server.page("limit=100").events.count == 9)
        #expect(server.terminate() == 0)
        try verify()

        let rebuilt = try CommandRun(["rebuild", "--data", data])
        #expect(rebuilt.status == 0, "\(rebuilt.errors)")
        try verify()
        let filled = try CommandRun(["rebuild", "--data", data, "--metric", "queries"])
        #expect(filled.status == 0, "\(filled.errors)")
        try verify()

        server = try start(nil)
        #expect(try sum("queries", server) == 9)
        #expect(try sum("query.time", server) == 2)
        #expect(server.terminate() == 0)
    }

    @Test func `change with their file, by one line each time`() throws {
        var server = try start(Self.first)
        try awaitMetric("queries", server)
        try store(server, [#"{"table":"a"}"#])
        #expect(server.terminate() == 0)
        // The same entries again, and none at all, are no change.
        for catalogue in [Self.first, nil] {
            server = try start(catalogue)
            try store(server, [#"{"table":"a"}"#])
            #expect(try sum("queries", server) > 1)
            #expect(server.terminate() == 0)
        }
        #expect(try catalogueLines() == 1)
        server = try start("metrics: []")
        #expect(try eventually { try catalogueLines() == 2 })
        try store(server, [#"{"table":"a"}"#])
        #expect(try sum("queries", server) == 3)
        #expect(server.terminate() == 0)
        try verify()
    }

    @Test func `have one line, however often the server is killed while it starts`() throws {
        for _ in 0..<3 {
            try start(Self.first).kill()
            try? FileManager.default.removeItem(atPath: data + "/LOCK")
        }
        let server = try start(Self.first)
        try awaitMetric("queries", server)
        #expect(try server.page("limit=100").events.isEmpty)
        try store(server, [#"{"table":"a"}"#])
        let lines = try server.request(
            "GET", "/events", headers: ["Accept": "application/x-ndjson"])
        #expect(lines.status == 200 && lines.lines.count == 1)
        #expect(server.terminate() == 0)
        #expect(try catalogueLines() == 1)
        try verify()
    }

    @Test func `that are wrong keep the server from starting`() throws {
        let file = try folder.write("wrong.yaml", "metrics:\n- {name: events, kind: gauge}\n")
        let run = try CommandRun(["serve", "--port", "0", "--data", data, "--catalogue", file])
        #expect(run.status == 1)
        #expect(
            run.errors.hasPrefix("error: \(file):2: name is one of Tidemark's own metrics\nhint: "))
        let missing = try CommandRun(
            ["serve", "--port", "0", "--data", data, "--catalogue", "/nowhere.yaml"])
        #expect(missing.status == 1)
        #expect(missing.errors == "error: /nowhere.yaml: cannot be read\nhint: see --catalogue\n")
    }

    @Test func `keep their kind`() throws {
        let server = try start(Self.first)
        try awaitMetric("queries", server)
        #expect(server.terminate() == 0)
        let file = try folder.write(
            "other.yaml",
            Self.first.replacing("kind: counter", with: "kind: gauge\n    number: data.n"))
        let run = try CommandRun(["serve", "--port", "0", "--data", data, "--catalogue", file])
        #expect(run.status == 1)
        #expect(
            run.errors
                == "error: \(file): queries is a counter with 6 digits and the unit \"1\" in this data folder\n"
                + "hint: give the entry another name\n")
    }

    @Test func `that contradict lines which no store knows any more are named`() throws {
        let server = try start(nil)
        let sample = #"{"metric":"queries","kind":"gauge","value":1}"#
        #expect(try server.postSample(sample).status == 200)
        server.kill()
        for name in ["LOCK", "derived.sqlite", "derived.sqlite-wal", "derived.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: "\(data)/\(name)")
        }
        let other = try start(Self.first)
        #expect(
            eventually {
                other.errorText.contains("queries is a gauge with 6 digits and the unit")
            })
        try store(other, [#"{"table":"a"}"#])
        #expect(try sum("queries", other) == 1)
        #expect(other.terminate() == 0)
        try verify()
    }

    private func catalogueLines() throws -> Int {
        try CommandRun(
            "/bin/sh", ["-c", "cat \"$0\"/log/* | grep -c '\"kind\":\"catalogue\"'", data]
        )
        .output.split(separator: "\n").first.flatMap { Int($0) } ?? 0
    }
}
