/// Names of metrics, as a query gives them: `*` stands for any characters, also none.
public struct MetricPattern: Hashable, Sendable {
    private let parts: [[UInt8]]

    public init(_ text: String) {
        parts = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
            .map(Array.init)
    }

    /// The one name that it stands for; nil where there is a wildcard.
    public var exactName: String? {
        parts.count == 1 ? String(decoding: parts[0], as: UTF8.self) : nil
    }

    public func matches(_ name: String) -> Bool {
        guard parts.count > 1 else { return name.utf8.elementsEqual(parts[0]) }
        var rest = Array(name.utf8)[...]
        guard rest.starts(with: parts[0]) else { return false }
        rest = rest.dropFirst(parts[0].count)
        // The earliest place of each part leaves the most for those behind it.
        for part in parts.dropFirst().dropLast() {
            guard let end = Self.end(of: part, in: rest) else { return false }
            rest = rest[end...]
        }
        guard let last = parts.last else { return true }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }

    private static func end(of part: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
        guard part.count <= text.count else { return nil }
        for start in text.startIndex...(text.endIndex - part.count)
        where text[start...].starts(with: part) {
            return start + part.count
        }
        return nil
    }
}
