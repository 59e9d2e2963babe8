import Foundation
import ServerSupport

/// How many samples of clients lie in the log.
struct StoredSamples {
    /// Of the names of all their metrics.
    static let prefix = "crash."

    let count: Int

    /// Those in whole lines of the log, plain and sealed.
    init(files folder: String) throws {
        count = Self.count(try SealedFolder(folder + "/log").lines())
    }

    /// What is wrong, given what the clients know.
    func faults(_ ledger: Ledger, before position: UInt64 = .max) -> [String] {
        let acknowledged = ledger.acknowledgedSamples(before: position)
        guard count < acknowledged || count > ledger.sentSamples else { return [] }
        return [
            "lost: of \(ledger.sentSamples) samples \(acknowledged) are acknowledged, "
                + "\(count) stored"
        ]
    }

    private static func count(_ bytes: [UInt8]) -> Int {
        bytes.lines.filter { $0.prefix(80).contains(marker) }.reduce(0) { $0 + count(line: $1) }
    }

    private static let marker = Array("\"kind\":\"samples\"".utf8)

    private static func count(line: ArraySlice<UInt8>) -> Int {
        let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
        let groups = object?["samples"] as? [[String: Any]] ?? []
        return groups.filter { ($0["metric"] as? String)?.hasPrefix(prefix) == true }
            .reduce(0) { $0 + (($1["points"] as? [Any])?.count ?? 0) }
    }
}
