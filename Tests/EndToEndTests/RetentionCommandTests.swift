import Foundation
import ServerSupport
import Testing

@Suite(.countedFolder, .serialized) struct `Retention` {
    private let folder: VerifyFolder

    init() throws {
        folder = try .shared()
    }

    /// Keeps all but the newest partitions, by their size.
    private static let little = "raw: {bytes: 150kB}\n"

    private func policy(_ text: String) throws -> String {
        let path = folder.path + "/../policy.yaml"
        let rest = "disk: {free: 0B, refuse: 0B}\n"
        let rollups = "rollups: {1m: forever, 3m: forever, 5m: forever, 15m: forever}\n"
        let kept = text.contains("rollups:") ? "" : rollups
        try (text + rest + kept).write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func run(_ verb: String, _ policy: String = little) throws -> CommandRun {
        try CommandRun(
            ["retention", verb, "--data", folder.path, "--retention", self.policy(policy)])
    }

    private func logBytes() throws -> Int {
        try folder.partitions.reduce(0) { sum, path in
            sum + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
        }
    }

    /// What a store says of its buckets, in text.
    private func buckets() throws -> String {
        let tables = ["1m", "3m", "5m", "15m", "1h"].map { "settled_\($0)" } + ["recent"]
        return try folder.python(
            tables.map { "print(*db.execute('SELECT * FROM \($0)'), sep='\\n')" }
                .joined(separator: "\n"))
    }

    // MARK: Removing lines

    @Test func `plans without a change`() throws {
        let before = try folder.partitions
        let plan = try run("plan")
        #expect(plan.status == 0 && plan.errors == "")
        #expect(plan.output.contains("would remove:\npartition "))
        #expect(plan.output.contains(before[0].split(separator: "/").last ?? "none"))
        #expect(plan.output.contains(" raw bytes\n"))
        #expect(try folder.partitions == before)
        #expect(try run("plan", "").output.contains("nothing is past its limit"))
    }

    @Test func `removes the oldest lines, and no rollup`() throws {
        let (before, rollups) = (try folder.partitions, try buckets())
        let applied = try run("apply")
        #expect(applied.status == 0 && applied.output.contains("removed:\n"), "\(applied)")
        let left = try folder.partitions
        #expect(left.count < before.count && left == before.suffix(left.count))
        #expect(try logBytes() <= 150_000)
        #expect(try buckets() == rollups)
        #expect(try run("apply").output.contains("nothing is past its limit"))
    }

    @Test func `leaves all that can be recounted as the log says`() throws {
        #expect(try run("apply").status == 0)
        let run = try folder.verify()
        #expect(run.status == 0, "\(run)")
        #expect(run.output.contains(/\n1m +[0-9]+ +[1-9][0-9]* +0\n/))
        // Nothing that stands for the whole log is left out.
        #expect(run.output.contains(/\nseries +[1-9][0-9]* +0 +0\n/))
        #expect(run.output.contains(/\nstate +[1-9][0-9]* +0 +0\n/))
        #expect(run.output.contains(/\nlines up to id [0-9]+ were removed by retention;/))
    }

    @Test(arguments: ["lifetime_count", "lifetime_sum"])
    func `leaves a fault of a total to be found`(column: String) throws {
        #expect(try run("apply").status == 0)
        let change =
            column == "lifetime_count"
            ? "lifetime_count + 1" : "CAST(substr(lifetime_sum, 1, 15) || x'07' AS BLOB)"
        try folder.python("db.execute(\"UPDATE series SET \(column) = \(change)\")")
        #expect(try folder.verify().status == 3)
    }

    @Test func `is known to a rebuild, which keeps the rollups`() throws {
        #expect(try run("apply").status == 0)
        let before = try totals()
        let rebuilt = try folder.rebuild()
        #expect(rebuilt.status == 0 && rebuilt.output.contains("kept the rollups of "))
        #expect(try Array(totals().difference(from: before).prefix(4)) == [])
        #expect(try folder.verify().status == 0)
    }

    @Test(arguments: ["events", "tool.duration", "m.counter"])
    func `is known to a rebuild of one metric`(metric: String) throws {
        #expect(try run("apply").status == 0)
        let before = try totals()
        let rebuilt = try folder.rebuild("--metric", metric)
        #expect(rebuilt.status == 0, "\(rebuilt)")
        #expect(try Array(totals().difference(from: before).prefix(4)) == [])
        let run = try folder.verify()
        #expect(run.status == 0 && run.output.contains(/\nseries +[1-9][0-9]* +0 +0\n/), "\(run)")
    }

    /// What each series has in the hours that are stored, wherever they stand: a view's sums are REAL, and so
    /// end otherwise where a bucket stands in two parts.
    private func totals() throws -> [Substring] {
        let text = try folder.python(
            "print(*db.execute('SELECT metric, tags, start, count, printf(\"%.9e\", sum) FROM buckets_1h '\n"
                + "'ORDER BY metric, tags, start'), sep='\\n')")
        return text.split(separator: "\n")
    }

    @Test func `is known to a start without a store, which goes on from the totals`() throws {
        let totals = "SELECT series_id, lifetime_count, lifetime_sum FROM series ORDER BY 1"
        let script = "print(*db.execute('\(totals)'), sep='\\n')"
        let before = try folder.python(script)
        #expect(try run("apply").status == 0)
        for name in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: folder.path + "/derived.sqlite" + name)
        }
        let server = try folder.serve()
        #expect(server.terminate() == 0)
        #expect(try folder.python(script) == before)
        let run = try folder.verify()
        #expect(run.status == 0, "\(run)")
    }

    @Test func `keeps a store of long ago from going on, until it is rebuilt`() throws {
        let store = folder.path + "/derived.sqlite"
        try folder.python("db.execute('PRAGMA wal_checkpoint(TRUNCATE)')")
        let old = try Data(contentsOf: URL(fileURLWithPath: store))
        let first = try folder.serve()
        try VerifyLoad.post(480..<900, to: first)
        #expect(first.terminate() == 0)
        #expect(try run("apply", "raw: {bytes: 0B}\n").status == 0)
        for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: store + name) }
        try old.write(to: URL(fileURLWithPath: store))
        let refusal = #expect(throws: ServerProcess.Failure.self) { try folder.serve() }
        #expect(refusal?.description.contains("hint: tidemark rebuild keeps its rollups") == true)
        #expect(try folder.rebuild().status == 0)
        let verified = try folder.verify()
        #expect(verified.status == 0, "\(verified)")
        #expect(verified.output.contains(/\nseries +[1-9][0-9]* +0 +0\n/))
        #expect(try folder.serve().terminate() == 0)
    }

    @Test(arguments: [false, true])
    func `goes on where its base is lost or damaged, and blames nobody for it`(
        isDamaged: Bool
    ) throws {
        #expect(try run("apply").status == 0)
        for name in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: folder.path + "/base.sqlite" + name)
        }
        if isDamaged {
            let path = URL(fileURLWithPath: folder.path + "/base.sqlite")
            try Data(repeating: 7, count: 20_000).write(to: path)
        }
        #expect(!(try folder.verify().output.contains("recounted  ")))
        #expect(try run("apply", "raw: {bytes: 0B}\n").output.contains("removed:\n"))
        let run = try folder.verify()
        #expect(run.status == 0, "\(run)")
        // What the lines said of whole lives is lost with it.
        #expect(run.output.contains(/\nseries +[0-9]+ +[1-9][0-9]* +0\n/))
    }

    @Test func `stops before lines that are not counted`() throws {
        try folder.python("db.execute('UPDATE checkpoint SET last_id = 1')")
        let before = try folder.partitions
        let run = try run("apply")
        #expect(run.output.contains("more is past a limit, but not counted yet"))
        #expect(try folder.partitions == before)
    }

    @Test func `never removes the newest partition`() throws {
        let newest = try #require(try folder.partitions.last)
        let run = try run("apply", "raw: {bytes: 0B}\n")
        #expect(run.output.contains("the newest partition stays until it is closed"))
        #expect(try folder.partitions == [newest])
        #expect(try folder.verify().status == 0)
    }

    @Test func `counts everything in the folder against the folder's limit`() throws {
        let store = folder.path + "/derived.sqlite"
        let bytes = try FileManager.default.attributesOfItem(atPath: store)[.size] as? Int ?? 0
        let run = try run("apply", "folder: {bytes: \(bytes)B}\n")
        #expect(run.output.contains(" folder bytes\n"))
        #expect(try folder.partitions.count == 1)
    }

    // MARK: Removing rollups

    @Test func `removes buckets past the age of their interval`() throws {
        let count =
            "print(*[db.execute('SELECT count(*) FROM rollup_' + i).fetchone()[0] "
            + "for i in ('1m', '3m', '5m', '15m', '1h')])"
        let run = try run("apply", "rollups: {1m: 14d, 3m: forever, 5m: forever, 15m: forever}\n")
        #expect(run.output.contains(/removed buckets of 1m before 20[0-9T:.-]+Z\n/))
        let counts = try folder.python(count).split { $0.isWhitespace }.compactMap { Int($0) }
        #expect(counts.first == 0 && counts.dropFirst().allSatisfy { $0 > 0 }, "\(counts)")
        #expect(try folder.verify().status == 0)
    }

    // MARK: A server

    @Test func `goes on in a server, beside events and questions`() throws {
        let server = try ServerProcess.start(
            folder: folder.path,
            arguments: VerifyTrait.arguments + [
                "--retention", policy(Self.little), "--set", "retention_milliseconds=100",
                "--set", "seal_age_milliseconds=0",
            ])
        let isSmall = try eventually {
            try VerifyLoad.post(480..<490, to: server)
            return try logBytes() <= 150_000 + 65_536
        }
        #expect(isSmall)
        #expect(try CommandRun(["verify", "--url", server.url]).status == 0)
        #expect(try folder.verify().status == 0)
        let plan = try CommandRun(["retention", "plan", "--url", server.url])
        #expect(plan.status == 0 && plan.output.contains("nothing is past its limit"), "\(plan)")
        // It may be at it just now.
        let isApplied = try eventually {
            try CommandRun(["retention", "apply", "--url", server.url]).status == 0
        }
        #expect(isApplied)
        #expect(server.errorText.contains("removed a partition"))
        #expect(server.terminate() == 0)
        #expect(try folder.verify().status == 0)
    }

    @Test(arguments: ["plan", "apply"])
    func `refuses a folder that is none, and a policy with faults`(verb: String) throws {
        let none = try CommandRun(["retention", verb, "--data", folder.path + "/nowhere"])
        #expect(none.status == 1 && none.errors.contains("is no data folder"))
        let faulty = try run(verb, "raw: {age: soon}\n")
        #expect(faulty.status == 1 && faulty.errors.contains("policy.yaml:1: age must be a span"))
    }

    @Test func `leaves a folder in use to its server`() throws {
        let server = try folder.serve()
        let run = try run("apply")
        #expect(run.status == 1 && run.errors.contains("hint: a running server does it"))
        #expect(try self.run("plan").status == 0)
        #expect(server.terminate() == 0)
    }
}
