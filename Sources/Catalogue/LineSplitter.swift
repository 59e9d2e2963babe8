internal import StrictJSON

/// Takes the lines out of the stretches in which a body arrives.
///
/// A line that grows too long before its end has come is told once, and passed over to its end.
struct LineSplitter: Sendable {
    enum Step {
        /// A line without its line feed, and where the next one begins.
        case line(Range<Int>, next: Int)
        /// A line is too long; what there is of it ends here.
        case tooLong(next: Int)
        /// What is left is the beginning of a line, or nothing.
        case rest(from: Int)
    }

    let bytesMax: Int
    private var isPassingOver = false

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    mutating func next(_ bytes: Span<UInt8>, from start: Int, isEnd: Bool) -> Step {
        var start = start
        if isPassingOver {
            guard let lineFeed = bytes.firstLineFeed(in: start..<bytes.count) else {
                return .rest(from: bytes.count)
            }
            isPassingOver = false
            start = lineFeed + 1
        }
        guard start < bytes.count else { return .rest(from: start) }
        if let lineFeed = bytes.firstLineFeed(in: start..<bytes.count) {
            return .line(start..<lineFeed, next: lineFeed + 1)
        }
        if isEnd { return .line(start..<bytes.count, next: bytes.count) }
        guard bytes.count - start > bytesMax else { return .rest(from: start) }
        isPassingOver = true
        return .tooLong(next: bytes.count)
    }
}
