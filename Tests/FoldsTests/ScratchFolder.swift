import Foundation

/// A folder for stores, gone with the value that holds it: hold it in a test's suite.
final class ScratchFolder: Sendable {
    let path: String
    private let outer: ScratchFolder?

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("tidemark-folds-\(UUID().uuidString)").path
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

    /// Makes it where it is missing.
    private func restore() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// The files in it, sorted by name.
    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    func bytes(of name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url(name)))
    }

    func text(of name: String) throws -> String {
        String(decoding: try bytes(of: name), as: UTF8.self)
    }

    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try Data(bytes).write(to: url(name))
    }

    private func url(_ name: String) -> URL {
        URL(fileURLWithPath: path + "/" + name)
    }
}
