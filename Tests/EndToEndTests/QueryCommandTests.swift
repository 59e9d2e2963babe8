import Foundation
import ServerSupport
import Testing

@Suite(.server()) struct `The query command` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
        try server.storeFixedSeries()
    }

    private func output(_ arguments: String...) throws -> String {
        let run = try query(arguments)
        #expect(run.status == 0 && run.errors == "")
        return run.output
    }

    private func query(_ arguments: [String]) throws -> CommandRun {
        try CommandRun(
            ["query"] + arguments + FixedSeries.range, environment: ["TIDEMARK_URL": server.url])
    }

    private func answer(_ query: String) throws -> String {
        try server.get("/metrics?\(query)&from=\(FixedSeries.from)&to=\(FixedSeries.to)").text
    }

    @Test func `prints a table a series, with what suits its kind`() throws {
        #expect(
            try output("test.*") == """
                test.depth  host=a
                START                 LAST    AVG  MIN   MAX
                2025-01-31T10:00:00Z  18.5  15.25   12  18.5
                2025-01-31T10:05:00Z     7      7    7     7
                2025-01-31T10:15:00Z    -3     -3   -3    -3

                test.depth  host=b
                START                 LAST  AVG  MIN  MAX
                2025-01-31T10:00:00Z    30   30   30   30
                2025-01-31T10:25:00Z     1    1    1    1

                test.jobs  queue=x
                START                 COUNT  SUM      RATE
                2025-01-31T10:00:00Z      2    5  0.016667
                2025-01-31T10:10:00Z      1  300         1

                test.time  ms  tool=Bash
                START                 COUNT      AVG      MIN      MAX         P50      P95      P99
                2025-01-31T10:00:00Z      3      120       60      200  100.316586      200      200
                2025-01-31T10:25:00Z      1  1500.25  1500.25  1500.25     1500.25  1500.25  1500.25

                test.time  ms  tool=Read
                START                 COUNT  AVG  MIN  MAX  P50  P95  P99
                2025-01-31T10:00:00Z      1    5    5    5    5    5    5

                """)
    }

    @Test func `merges, fills and shows what it is told to`() throws {
        let table = try output(
            "test.depth", "--group-by", "", "--fill", "null", "--fields", "last,p99.9,rate",
            "--interval", "15m")
        #expect(
            table == """
                test.depth
                START                 LAST     P99.9      RATE
                2025-01-31T10:00:00Z    37        30  0.004444
                2025-01-31T10:15:00Z    -2  0.994585  0.002222

                """)
        #expect(
            try output("test.jobs", "--fill", "null", "--fields", "sum").contains(
                "2025-01-31T10:05:00Z    -\n"))
        #expect(
            try output("test.depth", "--group-by", "host", "--across", "max", "-l", "1")
                .hasPrefix("test.depth  host=a\n"))
    }

    @Test(
        arguments: [
            ([], ["a", "b"]), (["--tag", "host=a"], ["a"]),
            (["--tag", "host=a", "--tag", "host=b"], ["a", "b"]),
            (["--limit", "1"], ["a"]),
        ])
    func `leaves the series that are asked for`(arguments: [String], hosts: [String]) throws {
        let run = try query(["test.depth"] + arguments)
        let titles = run.output.split(separator: "\n").filter { $0.hasPrefix("test.depth") }
        #expect(titles == hosts.map { "test.depth  host=\($0)" })
    }

    @Test(
        arguments: [
            ([], ""), (["--interval", "1h"], ""), (["--tag", "tool=Bash"], "&tag.tool=Bash"),
            (["--group-by", "x", "--group-by", "tool"], "&group_by=x&group_by=tool"),
            (["--group-by", ""], "&group_by="), (["--limit", "1"], "&limit=1"),
            (["--fields", "count,p99.9", "--fill", "zero"], "&fields=count,p99.9&fill=zero"),
            (["--across", "avg", "--group-by", ""], "&across=avg&group_by="),
            (["--tag", "tool=a+b=c&d"], "&tag.tool=a%2Bb=c%26d"),
        ])
    func `hands JSON and CSV on as the server gives them`(
        arguments: [String], parameters: String
    ) throws {
        let interval = arguments.contains("--interval") ? "1h" : "5m"
        let parameters = "metric=test.time&interval=\(interval)" + parameters
        for (format, end) in [("json", "\n"), ("csv", "")] {
            let run = try query(["test.time", "--format", format] + arguments)
            #expect(run.status == 0 && run.errors == "")
            #expect(try run.output == answer(parameters + "&format=\(format)") + end)
        }
    }

    @Test func `marks the bucket whose time is not over`() throws {
        let now = Date().addingTimeInterval(60).timeIntervalSince1970 * 1_000
        try server.store(
            samples: #"{"metric":"test.now","kind":"gauge","value":5,"timestamp":\#(Int64(now))}"#)
        let run = try CommandRun(
            ["query", "test.now", "--interval", "1h", "--to", "+1h", "--url", server.url])
        #expect(run.status == 0)
        #expect(run.output.hasSuffix("     5    5    5    5  open\n"))
        #expect(!(try output("test.depth").contains("open")))
    }

    @Test func `makes a sender's text harmless for a terminal`() throws {
        try server.store(
            samples: #"{"metric":"test.rude","kind":"counter","value":1,"tags":{"a":"\u001b[2J","#
                + #""b":"c d\"e"},"timestamp":"\#(FixedSeries.from)"}"#)
        let table = try output("test.rude")
        #expect(table.hasPrefix("test.rude  a=\u{FFFD}[2J b=\"c d\\\"e\"\nSTART"))
    }

    @Test func `says where there is nothing, and that this is no failure`() throws {
        let run = try CommandRun(
            [
                "query", "test.time", "--from", "2024-01-01T00:00:00Z", "--to",
                "2024-01-02T00:00:00Z",
            ], environment: ["TIDEMARK_URL": server.url])
        #expect(run.status == 0 && run.output == "")
        #expect(
            run.errors == """
                no samples from 2024-01-01T00:00:00.000Z to 2024-01-02T00:00:00.000Z
                hint: test.time has the tags tool

                """)
    }

    @Test func `knows a metric that has no sample yet`() throws {
        let run = try CommandRun(["query", "hook.timeouts", "--url", server.url])
        #expect(run.status == 0 && run.output == "")
        #expect(run.errors.hasPrefix("no samples from "))
    }

    @Test(
        arguments: [
            ("test.tim", "hint: did you mean test.time?\n"),
            ("test.tmie", "hint: did you mean test.time?\n"),
            ("test.ti", "hint: did you mean test.time?\n"), ("nothing.like.it", ""),
            ("no*", ""),
        ])
    func `says that a metric is none before anything else, and exits with 1`(
        metric: String, hint: String
    ) throws {
        for format in ["table", "json", "csv"] {
            let run = try query(["test.depth", metric, "--format", format])
            #expect(run.status == 1 && run.output == "")
            #expect(
                run.errors == """
                    error: there is no metric \(metric)
                    \(hint)hint: tidemark metrics lists all names

                    """)
        }
    }
}
