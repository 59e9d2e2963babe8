internal import StrictJSON

/// Whole lines, read together from one partition.
public struct LineChunk: Sendable {
    /// All of it whole lines, each with its line end.
    public let bytes: [UInt8]
    /// Where in the plain file the first of them stands.
    public let offset: Int

    /// Calls `body` with the place of each line, line end included, until it answers false.
    /// - Returns: whether all lines were visited.
    @discardableResult
    public func forEachLine(
        newestFirst: Bool = false, _ body: (Range<Int>) throws -> Bool
    ) rethrows -> Bool {
        newestFirst ? try forEachLineBackward(body) : try forEachLineForward(body)
    }

    private func forEachLineForward(_ body: (Range<Int>) throws -> Bool) rethrows -> Bool {
        var start = 0
        while start < bytes.count {
            let end = bytes.span.firstLineEnd(in: start..<bytes.count) ?? bytes.count
            guard try body(start..<end) else { return false }
            start = end
        }
        return true
    }

    private func forEachLineBackward(_ body: (Range<Int>) throws -> Bool) rethrows -> Bool {
        var end = bytes.count
        while end > 0 {
            let start = bytes.span.lastLineEnd(in: 0..<(end - 1)) ?? 0
            guard try body(start..<end) else { return false }
            end = start
        }
        return true
    }
}

extension Span<UInt8> {
    /// One past the first line feed.
    func firstLineEnd(in range: Range<Int>) -> Int? {
        firstLineFeed(in: range).map { $0 + 1 }
    }

    /// One past the last line feed.
    func lastLineEnd(in range: Range<Int>) -> Int? {
        lastLineFeed(in: range).map { $0 + 1 }
    }
}

/// Reads a stretch of a partition as chunks of whole lines, from either end.
///
/// The stretch begins at a line's start. Bytes after its last line feed are no line (yet).
struct LineChunkReader {
    /// Read at once; a longer line makes the next read longer.
    static let chunkBytes = 256 << 10

    private var partition: PartitionBytes
    private var rest: Range<Int>

    init(_ partition: PartitionBytes, _ range: Range<Int>) {
        self.partition = partition
        rest = range
    }

    /// Where the lines end that `next` has given, and a torn one may begin.
    var position: Int { rest.lowerBound }

    mutating func next() throws(LogError) -> LineChunk? {
        let stretch = partition.stretch(from: rest.lowerBound)
        var size = min(Self.chunkBytes, stretch.upperBound - rest.lowerBound)
        var buffer: [UInt8] = []
        while !rest.isEmpty {
            let count = min(size, rest.count)
            try partition.read(at: rest.lowerBound, count: count, into: &buffer)
            if let end = buffer.span.lastLineEnd(in: buffer.indices) {
                buffer.removeLast(buffer.count - end)
                defer { rest = (rest.lowerBound + end)..<rest.upperBound }
                return LineChunk(bytes: buffer, offset: rest.lowerBound)
            }
            // No line ends here: a longer read, or the torn end of the file.
            guard buffer.count == count, count < rest.count else { return nil }
            size *= 4
        }
        return nil
    }

    mutating func previous() throws(LogError) -> LineChunk? {
        let stretch = partition.stretch(from: rest.upperBound - 1)
        var size = min(Self.chunkBytes, rest.upperBound - stretch.lowerBound)
        var buffer: [UInt8] = []
        while !rest.isEmpty {
            let start = max(rest.lowerBound, rest.upperBound - size)
            try partition.read(at: start, count: rest.upperBound - start, into: &buffer)
            let isAtStart = start == rest.lowerBound || partition.beginsLine(at: start)
            guard let whole = Self.wholeLines(buffer, isAtStart: isAtStart) else {
                if start == rest.lowerBound { return nil }
                size *= 4
                continue
            }
            let chunk = LineChunk(bytes: Array(buffer[whole]), offset: start + whole.lowerBound)
            rest = rest.lowerBound..<chunk.offset
            return chunk
        }
        return nil
    }

    private static func wholeLines(_ buffer: [UInt8], isAtStart: Bool) -> Range<Int>? {
        guard let end = buffer.span.lastLineEnd(in: buffer.indices) else { return nil }
        if isAtStart { return 0..<end }
        guard let start = buffer.span.firstLineEnd(in: buffer.indices), start < end else {
            return nil
        }
        return start..<end
    }
}
