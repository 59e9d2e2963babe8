import Foundation
import Testing

/// A text file of the repository.
struct RepositoryFile: Sendable, CustomTestStringConvertible {
    /// From the repository's root.
    let path: String
    let text: String

    var testDescription: String { path }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}

/// The files that the package is made of.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func file(_ path: String) throws -> RepositoryFile {
        let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
        return RepositoryFile(path: path, text: text)
    }

    /// All files below a folder with this ending, by path.
    static func files(_ folder: String, ending: String) throws -> [RepositoryFile] {
        let paths = try FileManager.default.subpathsOfDirectory(
            atPath: root.appendingPathComponent(folder).path)
        return try paths.filter { $0.hasSuffix(ending) }.sorted().map {
            try file(folder + "/" + $0)
        }
    }

    /// The folders below `Sources`: one a target.
    static func targets() throws -> [String] {
        let sources = root.appendingPathComponent("Sources")
        return try FileManager.default.contentsOfDirectory(
            at: sources, includingPropertiesForKeys: [.isDirectoryKey]
        ).filter { (try? $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true }
            .map(\.lastPathComponent).sorted()
    }

    static func sources() throws -> [RepositoryFile] { try files("Sources", ending: ".swift") }

    /// Swift files with nothing but their code.
    static let sourceCode = Result { try sources().map(codeOnly) }

    private static func codeOnly(_ file: RepositoryFile) -> RepositoryFile {
        // A raw identifier is a sentence, not code.
        let named = file.text.replacing(#/`[^`\n]*`/#) { String(repeating: "_", count: $0.0.count) }
        return RepositoryFile(path: file.path, text: SwiftText.code(of: named))
    }
}
