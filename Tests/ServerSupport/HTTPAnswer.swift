/// An answer, as it came over the wire.
public struct HTTPAnswer: Sendable {
    public let status: Int
    /// Names in small letters; a repeated field's values with commas between.
    public let headers: [String: String]
    public let body: [UInt8]

    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The body's lines, each with its line feed.
    public var lines: [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while let end = body[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(body[start...end])
            start = end + 1
        }
        if start < body.count { lines.append(body[start...]) }
        return lines
    }
}
