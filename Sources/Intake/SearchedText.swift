/// A text in which secrets are looked for. Whoever walks over its bytes does it here.
///
/// Thousands of beginnings may share what stands behind them; each run is walked once for all of
/// them, so that a search costs a few passes over a text, whatever a sender repeats in it.
struct SearchedText {
    private struct RunKey: Hashable {
        let byteClass: ByteClass
        let part: Int
    }

    let bytes: [UInt8]
    /// How many bytes were looked at: what a search costs, to be counted where time can not be.
    private(set) var visitedBytes = 0
    /// The run that was walked last, for each class and part.
    private var runs: [RunKey: Range<Int>] = [:]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func contains(_ byte: UInt8, at position: Int) -> Bool {
        position < bytes.count && bytes[position] == byte
    }

    /// Where the run of such bytes ends that begins, or goes on, at `start`.
    /// - Parameter part: which of several runs of one secret this is. Beginnings that share the first
    ///   run share the others too, so each part has a last run of its own.
    mutating func end(of byteClass: ByteClass, part: Int = 0, from start: Int) -> Int {
        let key = RunKey(byteClass: byteClass, part: part)
        if let run = runs[key], run.contains(start) { return run.upperBound }
        var end = start
        while end < bytes.count, byteClass.contains(bytes[end]) { end += 1 }
        visitedBytes += end - start + 1
        runs[key] = start..<end
        return end
    }

    /// Where in the range the words stand first.
    mutating func first(_ words: [UInt8], in range: Range<Int>) -> Int? {
        guard range.count >= words.count else { return nil }
        let found = (range.lowerBound...(range.upperBound - words.count)).first { start in
            bytes[start..<(start + words.count)].elementsEqual(words)
        }
        visitedBytes += (found ?? range.upperBound) - range.lowerBound
        return found
    }
}
