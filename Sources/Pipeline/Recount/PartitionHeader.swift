internal import Foundation
internal import StrictJSON

/// The first line of a partition, as `EventLog` writes it.
struct PartitionHeader: Decodable {
    let kind: String
    let logID: String
    /// The last durable id when the partition was begun. Ids from there to its first are burned.
    let afterID: UInt64

    private enum CodingKeys: String, CodingKey {
        case kind
        case logID = "log_id"
        case afterID = "after_id"
    }

    /// - Returns: nil where the line is no header.
    init?(_ line: Span<UInt8>) {
        var bytes: [UInt8] = []
        bytes.append(contentsOf: line, 0..<line.count)
        guard let header = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
            header.kind == "header"
        else { return nil }
        self = header
    }
}
