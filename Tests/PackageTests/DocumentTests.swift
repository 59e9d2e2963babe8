import Foundation
import ServerSupport
import Testing

@Suite struct `The documentation` {
    /// README, changelog, and all articles.
    private static func documents() throws -> [RepositoryFile] {
        let articles = try Repository.files("Sources", ending: ".md")
        return try [Repository.file("README.md"), Repository.file("CHANGELOG.md")] + articles
    }

    @Test func `has the table of all settings as they are`() throws {
        let page = try Repository.file("Sources/Daemon/Documentation.docc/Settings.md")
        let start = try #require(page.lines.firstIndex(of: "<!-- settings -->"))
        let end = try #require(page.lines.firstIndex(of: "<!-- /settings -->"))
        let table = page.lines[(start + 1)..<end].joined(separator: "\n") + "\n"
        #expect(try table == CommandRun(["settings", "--format", "markdown"]).output)
    }

    @Test func `names no verb that there is not`() throws {
        let help = try CommandRun(["--help"]).output
        let section = try #require(help.components(separatedBy: "SUBCOMMANDS:\n").last)
        let verbs = Set(section.matches(of: #/(?m)^  ([a-z]+) /#).map { String($0.1) })
        #expect(verbs.count >= 4)
        for document in try Self.documents() {
            // In a listing or in code marks; in running text the word after it may be any.
            let mentions = document.text.matches(of: #/(?m)(?:^ *(?:\$ )?|`)tidemark +([a-z]+)/#)
            for mention in mentions {
                #expect(verbs.contains(String(mention.1)), "\(document.path): \(mention.0)")
            }
        }
    }

    @Test func `names no flag that there is not`() throws {
        let verbs = [
            "serve", "events", "query", "metrics", "export", "seal", "settings",
            "completions", "webhook add",
        ]
        let help =
            try verbs.map { verb in
                let words = verb.split(separator: " ").map(String.init)
                return try CommandRun(words + ["--help"]).output
            }.joined() + " --version"
        for document in try Self.documents() {
            let mentions = document.text.matches(of: #/(?m)(?:^ *|`)tidemark [^`\n]*/#)
            for flag in mentions.flatMap({ $0.0.matches(of: #/--[a-z]+(?:-[a-z]+)*/#) }) {
                #expect(help.contains(flag.0), "\(document.path): \(flag.0)")
            }
        }
    }

    @Test func `names no setting that there is not`() throws {
        let table = try CommandRun(["settings", "--format", "markdown"]).output
        for document in try Self.documents() where !document.path.hasPrefix("CHANGELOG") {
            for mention in document.text.matches(of: #/`([a-z]+(?:_[a-z]+)*_max)`/#) {
                #expect(table.contains("| `\(mention.1)` |"), "\(document.path): \(mention.1)")
            }
        }
    }

    @Test func `names no file of the repository that there is not`() throws {
        let readme = try Repository.file("README.md")
        let paths = readme.text.matches(of: #/`?((?:Sources|Tests|scripts)/[\w./+-]*\w)`?/#)
        #expect(!paths.isEmpty)
        for path in paths {
            let place = Repository.root.appendingPathComponent(String(path.1))
            #expect((try? place.checkResourceIsReachable()) == true, "\(path.1)")
        }
    }
}
