/// Decompressed frames in memory, those that were used last, within a limit of bytes.
struct RecentFrames {
    struct Key: Hashable {
        let fileName: String
        let frame: Int
    }

    private struct Entry {
        let content: [UInt8]
        var used: UInt64
    }

    /// An entry costs this much at least: a file of tiny frames must not become a table of millions.
    private static let entryBytesMin = 4_096

    private let bytesMax: Int
    private var entries: [Key: Entry] = [:]
    private var bytes = 0
    private var uses: UInt64 = 0

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    mutating func content(of key: Key) -> [UInt8]? {
        uses += 1
        entries[key]?.used = uses
        return entries[key]?.content
    }

    /// A frame that is larger than the limit is not kept.
    mutating func insert(_ content: [UInt8], as key: Key) {
        let cost = Self.cost(content)
        guard cost <= bytesMax, entries[key] == nil else { return }
        while bytes + cost > bytesMax { removeOldest() }
        uses += 1
        entries[key] = Entry(content: content, used: uses)
        bytes += cost
    }

    private mutating func removeOldest() {
        guard let oldest = entries.min(by: { $0.value.used < $1.value.used }) else { return }
        bytes -= Self.cost(oldest.value.content)
        entries[oldest.key] = nil
    }

    private static func cost(_ content: [UInt8]) -> Int {
        max(content.count, entryBytesMin)
    }
}
