import Foundation
import ServerSupport
import Testing

@Suite(.server()) struct `A plot` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
        try server.storeFixedSeries()
    }

    private func plot(_ arguments: String...) throws -> String {
        let run = try CommandRun(
            ["query", "--plot"] + FixedSeries.range + arguments,
            environment: ["TIDEMARK_URL": server.url])
        #expect(run.status == 0 && run.errors == "")
        return run.output
    }

    /// Gives a program a terminal.
    private static let script = "/usr/bin/script"
    private static let hasScript = FileManager.default.isExecutableFile(atPath: script)

    /// As on a terminal of so many columns.
    private func onTerminal(
        columns: Int, _ environment: [String: String], _ arguments: String...
    ) throws -> String {
        let program = Products.executable("tidemark")
        let words =
            [program, "query", "--plot", "--url", server.url] + FixedSeries.range + arguments
        let all = ["TERM": "xterm", "LC_ALL": "C.UTF-8"].merging(environment) { $1 }
        let settings = all.map { "\($0)=\($1)" }.joined(separator: " ")
        let command = words.map { "'\($0)'" }.joined(separator: " ")
        let run = try CommandRun(
            Self.script,
            [
                "-qec", "stty cols \(columns); env -u NO_COLOR \(settings) \(command)",
                "/dev/null",
            ])
        #expect(run.status == 0)
        return run.output.replacing("\r\n", with: "\n")
    }

    @Test func `draws each series, in 80 columns of plain text where there is no terminal`() throws
    {
        #expect(
            try plot("test.depth", "--interval", "1m") == """
                test.depth  host=a  last
                18.5 |         ****
                     |            *
                     |**          *
                     |            *
                     |            **
                     |
                     |
                  -3 |                                       **
                     +--------------------------------------------------------------------------
                     2025-01-31T10:00:00Z                                   2025-01-31T10:30:00Z

                test.depth  host=b  last
                30 |  ***
                   |
                   |
                   |
                   |
                   |
                   |
                 1 |                                                                    **
                   +----------------------------------------------------------------------------
                   2025-01-31T10:00:00Z                                     2025-01-31T10:30:00Z

                """)
    }

    @Test func `joins neighbours, draws the first field, and labels what is level once`() throws {
        #expect(
            try plot(
                "test.time", "test.jobs", "--fields", "max,count", "--fill", "zero", "--group-by",
                ""
            ) == """
                test.jobs  max
                300 |                         *************
                    |                         *           *
                    |                         *           *
                    |                         *           *
                    |                         *           *
                    |                         *           *
                    |                         *           *
                  0 |**************************           **************************************
                    +---------------------------------------------------------------------------
                    2025-01-31T10:00:00Z                                    2025-01-31T10:30:00Z

                test.time  ms  max
                1500.25 |                                                           ************
                        |                                                           *
                        |                                                           *
                        |                                                           *
                        |                                                           *
                        |                                                           *
                        |************                                               *
                      0 |           *************************************************
                        +-----------------------------------------------------------------------
                        2025-01-31T10:00:00Z                                2025-01-31T10:30:00Z

                """)
        #expect(
            try plot("test.jobs", "--interval", "1h") == """
                test.jobs  queue=x  sum
                    |
                    |
                    |
                    |
                305 |***************************************************************************
                    |
                    |
                    |
                    +---------------------------------------------------------------------------
                    2025-01-31T10:00:00Z                                    2025-01-31T10:30:00Z

                """)
    }

    @Test(.enabled(if: hasScript))
    func `has finer dots and colour on a terminal, as wide as it is`() throws {
        #expect(
            try onTerminal(columns: 62, [:], "test.depth", "--tag", "host=a") == """
                \u{1B}[1mtest.depth  host=a  last\u{1B}[0m
                18.5 │\u{1B}[36m⠉⠉⠉⠉⠉⠉⠉⠉⠉⡇\u{1B}[0m
                     │\u{1B}[36m         ⡇\u{1B}[0m
                     │\u{1B}[36m         ⡇\u{1B}[0m
                     │\u{1B}[36m         ⡇\u{1B}[0m
                     │\u{1B}[36m         ⠓⠒⠒⠒⠒⠒⠒⠒⠒⠂\u{1B}[0m
                     │
                     │
                  -3 │\u{1B}[36m                            ⣀⣀⣀⣀⣀⣀⣀⣀⣀\u{1B}[0m
                     └────────────────────────────────────────────────────────
                     2025-01-31T10:00:00Z                 2025-01-31T10:30:00Z

                """)
    }

    @Test(.enabled(if: hasScript), arguments: ["NO_COLOR", "TERM"])
    func `is plain on a terminal that is to be plain`(name: String) throws {
        let value = name == "TERM" ? "dumb" : ""
        let text = try onTerminal(columns: 80, [name: value], "test.depth", "--interval", "1m")
        #expect(try text == plot("test.depth", "--interval", "1m"))
    }

    @Test(.enabled(if: hasScript))
    func `is ASCII with colour on a terminal that knows no more`() throws {
        let text = try onTerminal(
            columns: 80, ["LC_ALL": "C"], "test.depth", "--interval", "1m")
        #expect(text.contains("\u{1B}[36m") && text.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test func `passes over series without a number to draw`() throws {
        let run = try CommandRun(
            ["query", "test.depth", "--plot", "--from", "2024-01-01T00:00:00Z", "--to"]
                + ["2024-01-02T00:00:00Z", "--url", server.url])
        #expect(run.status == 0 && run.output == "")
        #expect(run.errors.hasPrefix("no samples from "))
    }
}
