/// A stretch of a partition that holds no valid line, though it stands between or after valid ones.
/// Of a sealed partition it is a stretch of the sealed file.
public struct DamagedSpan: Equatable, Sendable, CustomStringConvertible {
    public let fileName: String
    public let range: Range<Int>

    public init(fileName: String, range: Range<Int>) {
        self.fileName = fileName
        self.range = range
    }

    public var description: String {
        "\(fileName), bytes \(range.lowerBound) to \(range.upperBound)"
    }
}

extension [DamagedSpan] {
    /// Appends a span; neighbours become one.
    mutating func append(joining span: DamagedSpan) {
        guard let last, last.fileName == span.fileName,
            last.range.upperBound == span.range.lowerBound
        else { return append(span) }
        self[count - 1] = DamagedSpan(
            fileName: span.fileName, range: last.range.lowerBound..<span.range.upperBound)
    }
}
