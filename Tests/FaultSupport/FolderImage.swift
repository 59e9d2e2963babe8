import Foundation

/// The folders and files below a folder, with their bytes. Paths are relative.
public struct FolderImage: Sendable, Equatable {
    public var folders: Set<String> = []
    public var files: [String: [UInt8]] = [:]

    public init() {}

    /// Reads a folder, for instance to keep its content before the process starts. Only folders
    /// and regular files are read.
    public init(path: String) throws(FaultSupportError) {
        do {
            let names = try FileManager.default.subpathsOfDirectory(atPath: path)
            for name in names {
                try read(name, in: path)
            }
        } catch {
            throw FaultSupportError(operation: "read", path: path, reason: "\(error)")
        }
    }

    /// Writes all of it into a folder, which is made if it is not there.
    public func write(to path: String) throws(FaultSupportError) {
        do {
            try makeFolder(path)
            for folder in folders.sorted() {
                try makeFolder(path + "/" + folder)
            }
            for (name, bytes) in files {
                try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
            }
        } catch {
            throw FaultSupportError(operation: "write", path: path, reason: "\(error)")
        }
    }

    private mutating func read(_ name: String, in path: String) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
        let type = attributes[.type] as? FileAttributeType
        if type == .typeDirectory { folders.insert(name) }
        guard type == .typeRegular else { return }
        files[name] = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
    }

    private func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }
}
