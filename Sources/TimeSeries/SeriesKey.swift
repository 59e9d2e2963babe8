/// A metric together with its tags: what makes one series different from all others.
///
/// Its canonical text is the metric's name and a JSON object of the tags in the order of their keys (as
/// UTF-8 bytes), without white space; only what JSON must escape is escaped:
///
///     tool.calls{"source_app":"web","tool":"Bash"}
public struct SeriesKey: Hashable, Sendable {
    public struct Tag: Hashable, Sendable {
        public let key: String
        public let value: String

        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    public let metric: String
    /// In the order of their keys; no key stands twice.
    public let tags: [Tag]

    /// - Parameter tags: in any order; of two with the same key the later one counts.
    public init(metric: String, tags: [Tag] = []) {
        self.metric = metric
        let byKey = Dictionary(tags.map { ($0.key, $0) }) { $1 }
        self.tags = byKey.values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    public subscript(key: String) -> String? { tags.first { $0.key == key }?.value }
}

/// A series' number within one data folder: dense, from 0 on, never used twice.
public struct SeriesID: Hashable, Comparable, Sendable {
    public let value: UInt32

    public init(_ value: UInt32) {
        self.value = value
    }

    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
