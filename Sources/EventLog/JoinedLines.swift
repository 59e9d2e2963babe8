internal import EventLine

/// Finds whole lines in what reads as one damaged line, for the line end before them was lost:
///
///     {"id":7,"event_id":…␀␀␀␀␀␀␀{"id":9, … }⏎
///                               ╰ here
enum JoinedLines {
    /// Where they begin, ascending; before each stands a byte that is damaged or was the line end.
    ///
    /// What is nested in a line is never taken for one: the braces around it would be left over.
    static func starts(in bytes: Span<UInt8>) -> [Int] {
        var starts: [Int] = []
        var end = bytes.count
        while let start = lastStart(in: bytes.extracting(0..<end)) {
            starts.append(start)
            end = start - 1
        }
        return starts.reversed()
    }

    /// Where the line begins that ends with the bytes.
    private static func lastStart(in bytes: Span<UInt8>) -> Int? {
        var start = bytes.count - 1
        while start > 0 {
            if bytes[start] == UInt8(ascii: "{") {
                let line = bytes.extracting(start..<bytes.count)
                if EventEnvelope.id(of: line) != nil, EventEnvelope.isWhole(line) { return start }
            }
            start -= 1
        }
        return nil
    }
}
