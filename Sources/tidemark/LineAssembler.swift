internal import StrictJSON

/// Puts lines together again that come in pieces.
struct LineAssembler {
    private var rest: [UInt8] = []

    /// - Returns: the lines that end within these bytes, without their line feeds.
    mutating func add(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = 0
        while let end = bytes.span.firstLineFeed(in: start..<bytes.count) {
            lines.append(rest + bytes[start..<end])
            rest = []
            start = end + 1
        }
        rest += bytes[start...]
        return lines
    }
}
