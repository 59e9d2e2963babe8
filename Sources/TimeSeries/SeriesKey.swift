/// A metric together with its tags: what makes one series different from all others.
///
/// Its canonical text is the metric's name and a JSON object of the tags in the order of their keys (as
/// UTF-8 bytes), without white space; only what JSON must escape is escaped:
///
///     tool.calls{"source_app":"web","tool":"Bash"}
///
/// Two keys are the same where their bytes are: `é` of one scalar is not `é` of two.
public struct SeriesKey: Sendable {
    public struct Tag: Sendable {
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
        let byKey = Dictionary(tags.map { (Array($0.key.utf8), $0) }) { $1 }
        self.tags = byKey.values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    public subscript(key: String) -> String? {
        tags.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }
}

extension SeriesKey.Tag: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.key.utf8.elementsEqual(right.key.utf8)
            && left.value.utf8.elementsEqual(right.value.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for text in [key, value] { hasher.combine(Array(text.utf8)) }
    }
}

extension SeriesKey: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.metric.utf8.elementsEqual(right.metric.utf8) && left.tags == right.tags
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(Array(metric.utf8))
        hasher.combine(tags)
    }
}

/// A series' number within one data folder: dense, from 0 on, never used twice.
public struct SeriesID: Hashable, Comparable, Sendable {
    public let value: UInt32

    @inlinable
    public init(_ value: UInt32) {
        self.value = value
    }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
