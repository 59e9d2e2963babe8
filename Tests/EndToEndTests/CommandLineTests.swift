import Foundation
import ServerSupport
import Testing

@Suite struct `The command line` {
    private static let verbs = [
        "serve", "events", "query", "metrics", "export", "seal", "retention", "check",
        "settings",
        "completions",
    ]

    @Test func `says its version`() throws {
        let run = try CommandRun(["--version"])
        #expect(run.status == 0 && run.errors == "")
        #expect(run.output.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
    }

    @Test(arguments: [["--help"], ["-h"], ["help"], []])
    func `explains itself`(arguments: [String]) throws {
        let run = try CommandRun(arguments)
        #expect(run.status == 0 && run.errors == "")
        for verb in Self.verbs { #expect(run.output.contains("\n  \(verb) ")) }
    }

    @Test(arguments: verbs)
    func `explains each verb`(verb: String) throws {
        for arguments in [[verb, "--help"], ["help", verb], [verb, "-h"]] {
            let run = try CommandRun(arguments)
            #expect(run.status == 0 && run.errors == "")
            #expect(run.output.contains("USAGE: tidemark \(verb)"))
            #expect(run.output.contains("OVERVIEW: "))
            let widest = run.output.split(separator: "\n").map(\.count).max() ?? 0
            #expect(!run.output.contains("\u{1B}") && widest > 0)
        }
    }

    @Test(arguments: [
        ["nope"], ["--nope"], ["completions"], ["completions", "tcsh"], ["serve", "x"],
    ])
    func `says what it was told wrongly, and exits with 2`(arguments: [String]) throws {
        let run = try CommandRun(arguments)
        #expect(run.status == 2 && run.output == "")
        #expect(run.errors.hasPrefix("error: "))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completes itself in a shell`(shell: String) throws {
        let run = try CommandRun(["completions", shell])
        #expect(run.status == 0 && run.errors == "")
        for verb in Self.verbs { #expect(run.output.contains(verb)) }
        for flag in ["allow-origin", "follow", "format"] { #expect(run.output.contains(flag)) }
        let program = ["/bin/", "/usr/bin/", "/usr/local/bin/"].map { $0 + shell }
            .first(where: FileManager.default.isExecutableFile)
        guard let program else { return }
        let folder = try TemporaryFolder()
        let script = try folder.write("script", run.output)
        let check = try CommandRun(program, ["-n", script])
        #expect(check.status == 0 && check.errors == "")
    }
}
