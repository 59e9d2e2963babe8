internal import ArgumentParser
internal import Daemon
internal import Foundation

/// `tidemark check`
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks for faults in definition files: retention, catalogue, redaction.",
        discussion: """
            Tells every fault with file and line, and exits with 1 if there is one. Without a file it looks at \
            those that the settings name, and at retention/*.yaml.
            """)

    @Argument(help: "Files, or folders with .yaml files.", completion: .file())
    var files: [String] = []

    @Option(help: "The server's config file.", completion: .file())
    var config: String?

    func run() throws {
        let paths = try files.isEmpty ? known() : files
        var text = ""
        var faults: [String] = []
        for path in paths.flatMap(DefinitionFiles.files) {
            do throws(Daemon.StartFailure) {
                text += "\(path): \(try DefinitionFiles.check(path) ?? "empty"), no fault\n"
            } catch {
                faults.append(error.message)
            }
        }
        if text.isEmpty, faults.isEmpty { text = "there is nothing to check\n" }
        try Console.write(Array(text.utf8))
        guard faults.isEmpty else {
            throw CommandFailure(
                message: faults.joined(separator: "\n"), hints: ["correct them, then check again"])
        }
    }

    private func known() throws -> [String] {
        let settings = try RecountSettings.resolve(data: nil, config: config)
        let named = [settings.retention, settings.catalogue, settings.redaction]
            .filter { !$0.isEmpty }
        let shipped = FileManager.default.fileExists(atPath: "retention") ? ["retention"] : []
        return named + shipped.filter { !named.contains($0) }
    }
}
