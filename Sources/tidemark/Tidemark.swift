internal import ArgumentParser
internal import Daemon
internal import Foundation

/// The command line: a file a verb.
struct Tidemark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tidemark",
        abstract:
            "Watches fleets of coding agents: keeps their events, answers questions about them.",
        version: Daemon.version,
        subcommands: [
            Serve.self, Events.self, Query.self, MetricsCommand.self, Export.self,
            Verify.self, RebuildCommand.self, Seal.self, RetentionCommand.self, BackupCommand.self,
            RestoreCommand.self, ImportCommand.self, Check.self, Top.self, KPICommand.self,
            AlertsCommand.self, WebhookCommand.self, SettingsCommand.self, Completions.self,
        ])
}

@main
enum Main {
    static func main() async {
        do {
            var command = try Tidemark.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            exit(report(error))
        }
    }

    /// Prints the error and gives the exit code: 0 done, 1 failed, 2 used wrongly.
    private static func report(_ error: any Error) -> Int32 {
        if let failure = error as? CommandFailure {
            Console.error("error: \(failure.message)")
            for hint in failure.hints { Console.error("hint: \(hint)") }
            return failure.exitCode
        }
        let code = Tidemark.exitCode(for: error)
        let text = Tidemark.fullMessage(for: error)
        if code == .success {
            print(text)
            return 0
        }
        Console.error(
            code == .validationFailure ? text.replacing("Error:", with: "error:") : "error: \(text)"
        )
        return code == .validationFailure ? 2 : 1
    }
}

/// What a verb says when it cannot do its work.
struct CommandFailure: Error {
    let message: String
    var hints: [String] = []
    var exitCode: Int32 = 1
}
