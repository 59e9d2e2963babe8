internal import ArgumentParser

/// `tidemark completions`
struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints a completion script for a shell.",
        discussion:
            "For example: tidemark completions bash > ~/.local/share/bash-completion/completions/tidemark"
    )

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        let shell: CompletionShell =
            switch self.shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        print(Tidemark.completionScript(for: shell))
    }
}
