import Foundation
import TestSupport

extension ScratchFolder {
    /// The partitions, oldest first: sorted by the id in their names.
    var partitions: [String] {
        get throws { try names.sorted { $0.suffix(27) < $1.suffix(27) } }
    }

    /// All that is in the files, headers left out.
    func lines() throws -> [String] {
        try partitions.flatMap { try text(of: $0).split(separator: "\n") }
            .filter { !$0.hasPrefix("{\"kind\":") }.map(String.init)
    }

    /// Changes a file's bytes.
    func edit(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try bytes(of: name)
        change(&bytes)
        try write(bytes, to: name)
    }
}
