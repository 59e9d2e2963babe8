import Foundation
import ServerSupport
import Testing

/// The history of somebody who comes from the reference system.
@Suite struct `An imported events.db` {
    private let scratch: TemporaryFolder

    init() throws {
        scratch = try TemporaryFolder()
    }

    private var database: String { scratch.path + "/events.db" }
    private var data: String { scratch.path + "/data" }

    /// The tables as the reference's server makes them, and what a script puts in.
    private func make(_ script: String) throws {
        let run = try CommandRun(
            "/usr/bin/env",
            [
                "python3", "-c",
                """
                import json, sqlite3
                db = sqlite3.connect('events.db')
                db.execute('''CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT,
                    source_app TEXT NOT NULL, session_id TEXT NOT NULL,
                    hook_event_type TEXT NOT NULL, payload TEXT NOT NULL, chat TEXT, summary TEXT,
                    timestamp INTEGER NOT NULL, humanInTheLoop TEXT, humanInTheLoopStatus TEXT,
                    model_name TEXT)''')
                def add(type, payload, at, app='web', session='s1', **more):
                    row = dict(source_app=app, session_id=session, hook_event_type=type,
                        payload=payload, timestamp=at, **more)
                    db.execute('INSERT INTO events (%s) VALUES (%s)' % (', '.join(row),
                        ', '.join('?' * len(row))), list(row.values()))
                start = 1738319400000
                \(script)
                db.commit()
                """,
            ], in: scratch.path)
        try #require(run.status == 0, "\(run.errors)")
    }

    /// A day's work: tool uses in pairs, and turns with their growing transcript.
    private static let history = """
        chat = []
        for n in range(300):
            at = start + n * 1000
            tool = {'tool_name': 'Bash', 'tool_use_id': 'u%d' % n, 'text': 'açé \\u4f60'}
            add('PreToolUse', json.dumps(tool), at, session='s%d' % (n % 3))
            add('PostToolUse', json.dumps(dict(tool, duration_ms=5)), at + 250, session='s%d' % (n % 3),
                summary='ran', model_name='m')
            if n % 30 == 29:
                chat += [{'n': n, 'text': 'x' * 400}, {'n': n}]
                add('Stop', '{"a":1}', at + 500, session='s0', chat=json.dumps(chat, indent=1))
        """

    private func importing(_ arguments: String...) throws -> CommandRun {
        try CommandRun(["import", database] + arguments)
    }

    @Test func `answers queries, and adds nothing a second time`() throws {
        try make(Self.history)
        let first = try importing("--data", data)
        #expect(first.status == 0 && first.errors == "", "\(first.errors)")
        #expect(first.output == "610 of 610 rows imported, 0 were there already\n")
        // A window that knows nothing any more, as after some days.
        let server = try ServerProcess.start(
            folder: data, arguments: ["--set", "dedupe_events_max=1"])
        let second = try importing("--url", server.url)
        #expect(second.status == 0 && second.errors == "", "\(second.errors)")
        #expect(second.output == "0 of 610 rows imported, 610 were there already\n")
        try expectAnswers(server)
        #expect(server.terminate() == 0 && server.errorText == "")
        let verify = try CommandRun(["verify", "--data", data])
        #expect(verify.status == 0, "\(verify.output)\(verify.errors)")
    }

    private func expectAnswers(_ server: ServerProcess) throws {
        let day = "&from=2025-01-31T00:00:00Z&to=2025-02-01T00:00:00Z"
        let counts = try server.get("/metrics?interval=1h&metric=events&group_by=source_app" + day)
            .text
        #expect(counts.contains(#""count":610"#), "\(counts)")
        let durations = try server.get("/metrics?interval=1h&metric=tool.duration" + day).text
        #expect(durations.contains(#""count":300"#), "\(durations)")
        let found = try server.page("q=a%C3%A7%C3%A9&session_id=s1&type=PostToolUse&limit=1000")
        #expect(found.events.count == 100)
        let last = try server.get("/events?type=PostToolUse&limit=1").text
        #expect(last.contains(#""timestamp":"2025-01-31T10:34:59.250Z""#))
        #expect(last.contains(#""summary":"ran","model_name":"m""#))
        let stop = try #require(try server.page("type=Stop&limit=1").events.first)
        let whole = try server.get("/events/\(stop.id)?chat=1").object()
        #expect((whole["chat"] as? [[String: Any]])?.compactMap { $0["n"] as? Int }.count == 20)
        #expect(whole["timestamp"] as? String == "2025-01-31T10:34:59.500Z")
    }

    @Test func `may be imported into a running server, which others use`() throws {
        try make(Self.history)
        let server = try ServerProcess.start(folder: data)
        try server.store(SampleEvent("other"))
        let run = try CommandRun(["import", database], environment: ["TIDEMARK_URL": server.url])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try server.count(ofApp: "web") == 610)
        let locked = try importing("--data", data)
        #expect(locked.status == 1)
        #expect(locked.errors.contains("the process \(server.pid) holds it"))
        #expect(server.terminate() == 0)
    }

    @Test func `names the rows that cannot be taken, and takes the others`() throws {
        try make(
            """
            add('Stop', '{"a":1}', start)
            add('Stop', '{"a":', start)
            add('Stop', '{"a":2}', start, chat='[1')
            add('', '{"a":3}', start)
            add('Stop', '{"a":4}', 99999999999999)
            add('Stop', 'null', start)
            add('Stop', ' { "a" : 5 }\\n', start, humanInTheLoop='{"question":"?"}',
                humanInTheLoopStatus='{"status":"pending"}')
            """)
        let run = try importing("--data", data)
        #expect(run.status == 1)
        #expect(run.output == "2 of 7 rows imported, 0 were there already\n")
        let errors = run.errors.split(separator: "\n")
        #expect(errors.dropLast(2).map { $0.prefix(6) }.sorted() == (2...6).map { "row \($0):" })
        #expect(errors.contains { $0.hasPrefix("row 2: payload: not valid JSON") })
        #expect(errors.contains { $0.hasPrefix("row 3: chat: not valid JSON") })
        #expect(errors.contains { $0.hasPrefix("row 4: hook_event_type: ") })
        #expect(errors.suffix(2).first == "error: 5 of 7 rows could not be taken")
        let events = try CommandRun(["events", "--data", data, "--format", "ndjson"]).output
        #expect(events.contains(#""data":{"a":5},"humanInTheLoop":{"question":"?"},"#))
    }

    @Test func `may be of an older version of the reference`() throws {
        try make(
            """
            db.execute('DROP TABLE events')
            db.execute('''CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, source_app TEXT,
                session_id TEXT, hook_event_type TEXT, payload TEXT, timestamp INTEGER)''')
            add('Stop', '{"a":1}', start)
            add('Stop', '{"a":1}', start)
            """)
        let run = try importing("--data", data)
        #expect(run.output == "2 of 2 rows imported, 0 were there already\n", "\(run.errors)")
        #expect(try importing("--data", data).output.hasPrefix("0 of 2 rows imported, 2 were"))
    }

    @Test func `is left as it was`() throws {
        try make(Self.history)
        let before = try Data(contentsOf: URL(fileURLWithPath: database))
        #expect(try importing("--data", data).status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: database)) == before)
    }

    @Test func `must be one`() throws {
        let missing = try importing("--data", data)
        #expect(missing.status == 1 && missing.errors.contains("is not there\nhint: "))
        try Data("no database".utf8).write(to: URL(fileURLWithPath: database))
        #expect(try importing("--data", data).status == 1)
        try FileManager.default.removeItem(atPath: database)
        try make("db.execute('DROP TABLE events')")
        let other = try importing("--data", data)
        #expect(other.status == 1 && other.errors.contains("no table of the reference's events"))
        #expect(try CommandRun(["import", database, "--url", "x", "--data", data]).status == 2)
        #expect(!FileManager.default.fileExists(atPath: data))
    }
}
