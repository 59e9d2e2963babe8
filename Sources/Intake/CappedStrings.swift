internal import StrictJSON
internal import TimeSeries

/// Which strings of an event were cut, and what they were: so that a cut is seen, and a copy that
/// somebody still has can be recognised.
struct CappedStrings: Sendable {
    struct Entry: Sendable {
        /// A JSON Pointer (RFC 6901) into the stored line; nil where it would be too long itself.
        let path: [UInt8]?
        /// What the string said, as UTF-8.
        let bytes: Int
        let sha256: String
    }

    /// Further ones are only counted.
    static let entriesMax = 32
    static let pathBytesMax = 1_024

    private(set) var entries: [Entry] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    var isFull: Bool { entries.count == Self.entriesMax }

    /// - Parameter entry: nil where the list is full.
    mutating func append(_ entry: Entry?) {
        if let entry { entries.append(entry) }
        count += 1
    }

    /// `{"count":1,"strings":[{"path":"/data/text","bytes":9000000,"sha256":"…"}]}`
    func append(to output: inout [UInt8]) {
        output.append(text: "{\"count\":")
        output.append(decimal: Int64(count))
        output.append(text: ",\"strings\":[")
        for (place, entry) in entries.enumerated() {
            output.append(text: place > 0 ? ",{" : "{")
            if let path = entry.path {
                output.append(text: "\"path\":")
                JSONString.encode(path.span, appendingTo: &output)
                output.append(text: ",")
            }
            output.append(text: "\"bytes\":")
            output.append(decimal: Int64(entry.bytes))
            output.append(text: ",\"sha256\":\"")
            output.append(contentsOf: entry.sha256.utf8)
            output.append(text: "\"}")
        }
        output.append(text: "]}")
    }
}
