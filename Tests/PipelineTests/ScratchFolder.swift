import Foundation

/// A folder for one log, gone with the value that holds it: hold it in a test's suite.
final class ScratchFolder: Sendable {
    let path: String
    private let outer: ScratchFolder?

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("tidemark-pipeline-\(UUID().uuidString)").path
        outer = nil
        try restore()
    }

    private init(inside outer: ScratchFolder) throws {
        path = outer.path + "/\(UUID().uuidString)"
        self.outer = outer
        try restore()
    }

    /// Another one, for a test that needs many.
    func inner() throws -> ScratchFolder {
        try ScratchFolder(inside: self)
    }

    deinit {
        if outer == nil { try? FileManager.default.removeItem(atPath: path) }
    }

    /// The partitions, oldest first: sorted by the id in their names.
    var partitions: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: path)
                .sorted { $0.suffix(27) < $1.suffix(27) }
        }
    }

    /// All that is in the files, headers left out.
    func lines() throws -> [String] {
        let texts = try partitions.map {
            try String(contentsOfFile: path + "/" + $0, encoding: .utf8)
        }
        return texts.flatMap { $0.split(separator: "\n") }
            .filter { !$0.hasPrefix("{\"kind\":") }.map(String.init)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: url(name))
    }

    /// Changes a file's bytes.
    func edit(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = [UInt8](try Data(contentsOf: url(name)))
        change(&bytes)
        try Data(bytes).write(to: url(name))
    }

    func remove() throws { try FileManager.default.removeItem(atPath: path) }

    func restore() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    private func url(_ name: String) -> URL {
        URL(fileURLWithPath: path + "/" + name)
    }
}
