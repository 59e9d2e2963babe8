import Foundation

/// A folder for one log, gone with the value that holds it.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("tidemark-pipeline-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
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

    func append(_ bytes: some Sequence<UInt8>, to name: String) throws {
        let handle = try FileHandle(
            forUpdating: URL(fileURLWithPath: path + "/" + name))
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(bytes))
    }

    func remove() throws { try FileManager.default.removeItem(atPath: path) }

    func restore() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
}
