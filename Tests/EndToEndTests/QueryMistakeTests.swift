import ServerSupport
import Testing

/// No server is needed to hear of these.
@Suite struct `What a query is told wrongly` {
    @Test(
        arguments: [
            (["--from", "yesterday"], "--from: must be RFC 3339, epoch seconds or milliseconds"),
            (["--to", "2025-13-01"], "--to: must be RFC 3339, epoch seconds or milliseconds"),
            (["--from", "now", "--to", "-1h"], "--from: must be before --to"),
            (["--fields", "count,median"], "--fields: must be of count, sum"),
            (["--fields", ","], "--fields: must be of count, sum"),
            (["--tag", "tool"], "--tag: must be like tool=Bash"),
            (["--tag", "=Bash"], "--tag: must be like tool=Bash"),
            (["--fill", "zero", "--from", "0"], "--fill: more than 500000 buckets"),
            (["--limit", "0"], "--limit must be from 1 to 10000"),
            (["--interval", "2m"], "The value '2m' is invalid for '--interval"),
            (["--across", "all"], "The value 'all' is invalid for '--across"),
            (["--fill", "some"], "The value 'some' is invalid for '--fill"),
            (["--format", "xml"], "The value 'xml' is invalid for '--format"),
            (["--plot", "--format", "csv"], "--plot and --format csv cannot go together"),
            (["--url", "http://x", "--data", "y"], "--url and --data cannot go together"),
            (["--url", "nowhere"], "--url must be like http://127.0.0.1:4000"),
            (["--token", "two words"], "--token is no access token"),
            (["--nope"], "Unknown option '--nope'"),
        ])
    func `is said before any output, with exit code 2`(
        arguments: [String], message: String
    ) throws {
        let run = try CommandRun(
            ["query", "events"] + arguments, environment: ["SWIFT_BACKTRACE": "enable=no"])
        #expect(run.status == 2 && run.output == "")
        #expect(run.errors.hasPrefix("error: \(message)"), "\(run.errors)")
    }

    @Test func `may be that there is no metric`() throws {
        let run = try CommandRun(["query"])
        #expect(run.status == 2 && run.output == "")
        #expect(run.errors.hasPrefix("error: Missing expected argument"))
    }

    @Test(arguments: [["query", "events"], ["export"], ["metrics"]])
    func `may be an address that nobody answers at`(verb: [String]) throws {
        let run = try CommandRun(verb, environment: ["TIDEMARK_URL": "http://127.0.0.1:1"])
        #expect(run.status == 1 && run.output == "")
        #expect(
            run.errors == """
                error: no server answers at http://127.0.0.1:1
                hint: start one with tidemark serve, or read a folder with --data DIR

                """)
    }

    @Test(arguments: [["query", "events"], ["export"], ["metrics"]])
    func `may be a folder that is none`(verb: [String]) throws {
        let folder = try TemporaryFolder()
        let run = try CommandRun(verb + ["--data", folder.path])
        #expect(run.status == 1 && run.output == "")
        #expect(
            run.errors == """
                error: \(folder.path) is no data folder
                hint: it should hold log/

                """)
    }
}
