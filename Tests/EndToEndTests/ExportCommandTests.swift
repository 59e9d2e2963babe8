import Foundation
import ServerSupport
import Testing

@Suite(.server()) struct `The export command` {
    let server: ServerProcess
    let folder: TemporaryFolder

    init() throws {
        server = try .shared()
        folder = try TemporaryFolder()
        try server.storeFixedSeries()
    }

    private func export(_ arguments: String...) throws -> CommandRun {
        try CommandRun(
            ["export"] + arguments, environment: ["TIDEMARK_URL": server.url], in: folder.path)
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
    }

    private static let hours = """
        metric,host,queue,tool,bucket_start,count,sum,avg,min,max,last,p50,p90,p95,p99\r
        test.depth,a,,,2025-01-31T10:00:00.000Z,4,34.5,8.625,-3,18.5,-3,6.986967,18.5,18.5,18.5\r
        test.depth,b,,,2025-01-31T10:00:00.000Z,2,31,15.5,1,30,1,1,30,30,30\r
        test.jobs,,x,,2025-01-31T10:00:00.000Z,3,305,101.666667,1,300,300,,,,\r
        test.time,,,Bash,2025-01-31T10:00:00.000Z,4,1860.25,465.0625,60,1500.25,1500.25,\
        100.316586,1500.25,1500.25,1500.25\r
        test.time,,,Read,2025-01-31T10:00:00.000Z,1,5,5,5,5,5,5,5,5,5\r

        """

    @Test func `writes hours as CSV, tags as columns`() throws {
        let run = try export("--metric", "test.*")
        #expect(run.status == 0 && run.errors == "")
        #expect(run.output == Self.hours)
    }

    @Test func `writes all metrics and all times where nothing else is said`() throws {
        let all = try export()
        #expect(all.status == 0)
        let metrics = Set(all.output.split(separator: "\r\n").map { $0.prefix { $0 != "," } })
        // The server's own telemetry is there too.
        #expect(metrics.isSuperset(of: ["metric", "test.depth", "test.jobs", "test.time"]))
        let part = try export(
            "--metric", "test.jobs", "--metric", "test.depth", "--interval", "5m", "--from",
            "2025-01-31T10:05:00Z", "--to", "2025-01-31T10:15:00Z")
        #expect(
            part.output == """
                metric,host,queue,bucket_start,count,sum,avg,min,max,last,p50,p90,p95,p99\r
                test.depth,a,,2025-01-31T10:05:00.000Z,1,7,7,7,7,7,7,7,7,7\r
                test.jobs,,x,2025-01-31T10:10:00.000Z,1,300,300,300,300,300,,,,\r

                """)
    }

    @Test func `counts what JSON counts`() throws {
        struct Answer: Decodable {
            struct Series: Decodable { let buckets: [Bucket] }
            struct Bucket: Decodable {
                let count: Int
                let sum: Decimal
            }
            let series: [Series]
        }
        let json = try CommandRun(
            ["query", "test.*", "--format", "json", "--interval", "1m", "--url", server.url]
                + FixedSeries.range)
        let buckets = try JSONDecoder().decode(Answer.self, from: Data(json.output.utf8)).series
            .flatMap(\.buckets)
        let rows = try export("--metric", "test.*").output.split(separator: "\r\n").dropFirst()
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(buckets.map(\.count).reduce(0, +) == 14)
        #expect(rows.compactMap { Int($0[5]) }.reduce(0, +) == 14)
        let sums = rows.compactMap { Decimal(string: String($0[6])) }
        #expect(sums.reduce(0, +) == buckets.map(\.sum).reduce(0, +))
    }

    @Test func `writes a file as a whole, and nothing beside it`() throws {
        let run = try export("--metric", "test.*", "-o", "hours.csv")
        #expect(run.status == 0 && run.output == "" && run.errors == "")
        #expect(try text("hours.csv") == Self.hours)
        #expect(try names == ["hours.csv"])
    }

    @Test func `replaces the file that a link stands for, and keeps who may read it`() throws {
        let file = try folder.write("old.csv", "old")
        #expect(chmod(file, 0o640) == 0)
        #expect(symlink("old.csv", folder.path + "/link.csv") == 0)
        #expect(try export("--metric", "test.*", "--output", "link.csv").status == 0)
        #expect(try text("old.csv") == Self.hours)
        #expect(try names == ["link.csv", "old.csv"])
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
        #expect(mode as? Int == 0o640)
    }

    @Test(arguments: [["--url", "http://127.0.0.1:1"], ["--metric", "test.nothing"]])
    func `leaves the file as it was where it fails`(arguments: [String]) throws {
        try folder.write("hours.csv", "old")
        let run = try CommandRun(
            ["export", "-o", "hours.csv", "--url", server.url] + arguments, in: folder.path)
        #expect(run.status == 1 && run.output == "")
        #expect(run.errors.hasPrefix("error: "))
        #expect(try text("hours.csv") == "old")
        #expect(try names == ["hours.csv"])
    }

    @Test func `writes into what is no file without replacing it`() throws {
        #expect(try export("-o", "/dev/null").status == 0)
        let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type]
        #expect(type as? FileAttributeType == .typeCharacterSpecial)
    }

    @Test(
        arguments: [
            ("/dev/full", "cannot write to /dev/full: No space left on device"),
            ("/nowhere/x.csv", "cannot write to /nowhere/x.csv: No such file or directory"),
            ("/dev", "/dev is a folder"),
        ])
    func `says why a file cannot be written, and exits with 1`(
        path: String, message: String
    ) throws {
        let run = try export("-o", path)
        #expect(run.status == 1 && run.output == "" && run.errors == "error: \(message)\n")
    }

    @Test func `says why standard output cannot be written, and exits with 1`() throws {
        let run = try CommandRun(
            "/bin/sh",
            ["-c", "\"$0\" export --url \"$1\" > /dev/full", Products.executable("tidemark")]
                + [server.url])
        #expect(run.status == 1)
        #expect(run.errors == "error: cannot write to standard output: No space left on device\n")
    }

    @Test func `says nothing where its reader has left`() throws {
        let run = try CommandRun(
            "/bin/sh",
            [
                "-c", "(sleep 0.2; \"$0\" export --url \"$1\"; echo $? >&2) | true",
                Products.executable("tidemark"), server.url,
            ])
        #expect(run.status == 0 && run.output == "")
        #expect(run.errors == "141\n")
    }

    @Test(
        arguments: [
            ["--interval", "1d"], ["--from", "then"], ["--to", "then"], ["surplus"],
            ["--from", "now", "--to", "-1h"], ["-o"],
        ])
    func `says what it was told wrongly, and exits with 2`(arguments: [String]) throws {
        let run = try CommandRun(["export"] + arguments)
        #expect(run.status == 2 && run.output == "")
        #expect(run.errors.hasPrefix("error: "))
    }
}
