internal import Foundation

/// A folder for the files of a test, gone with the value that holds it: hold it in a test's suite.
///
/// It is in memory where the machine has such a place, for thousands of states are synced there.
public final class ScratchFolder: Sendable {
    public let path: String
    private let outer: ScratchFolder?

    public init() throws {
        let memory = "/dev/shm"
        let parent =
            FileManager.default.isWritableFile(atPath: memory)
            ? memory : FileManager.default.temporaryDirectory.path
        path = "\(parent)/tidemark-scratch-\(UUID().uuidString)"
        outer = nil
        try restore()
    }

    private init(inside outer: ScratchFolder) throws {
        path = outer.path + "/\(UUID().uuidString)"
        self.outer = outer
        try restore()
    }

    /// Another one, for a test that needs many.
    public func inner() throws -> ScratchFolder {
        try ScratchFolder(inside: self)
    }

    deinit {
        if outer == nil { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Makes it where it is missing.
    public func restore() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// The files in it, sorted by name.
    public var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    public func bytes(of name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url(name)))
    }

    public func text(of name: String) throws -> String {
        String(decoding: try bytes(of: name), as: UTF8.self)
    }

    public func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try Data(bytes).write(to: url(name))
    }

    public func remove() throws { try FileManager.default.removeItem(atPath: path) }

    private func url(_ name: String) -> URL {
        URL(fileURLWithPath: path + "/" + name)
    }
}
