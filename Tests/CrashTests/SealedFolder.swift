import EventLog
import Foundation
import TimeSeries

/// The partitions of a log folder, plain and sealed, as they lie there.
struct SealedFolder {
    private let path: String
    private let names: Set<String>

    init(_ path: String) throws {
        self.path = path
        names = Set(try FileManager.default.contentsOfDirectory(atPath: path))
    }

    var sealedCount: Int { names.count { $0.hasSuffix(".zst") } }

    /// All lines, but headers, as a reader of another process finds them.
    func lines() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var cursor = try EventLog.readOnlySnapshot(folder: path).lines(after: .none)
        while let chunk = try cursor.next() {
            chunk.forEachLine { line in
                if !chunk.bytes[line].starts(with: Array("{\"kind\":\"header\"".utf8)) {
                    bytes += chunk.bytes[line]
                }
                return true
            }
        }
        return bytes
    }

    func stored() throws -> StoredEvents { StoredEvents(ndjson: try lines()) }

    /// Where a partition is there in no whole form. A sealed file without its plain one must be whole; what
    /// else is there beside a plain one does not count.
    var faults: [String] {
        get throws {
            try names.filter { $0.hasSuffix(".zst") }.compactMap { name in
                if names.contains(String(name.dropLast(4))) { return nil }
                let sound = try run("zstd", ["-tq", path + "/" + name])
                return sound ? nil : "\(name) is not whole, and its plain file is gone"
            }
        }
    }

    private func run(_ tool: String, _ arguments: [String]) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
