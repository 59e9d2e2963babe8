public import TimeSeries

/// Which events came lately, by key: the recent set that makes a retry harmless.
///
/// Bounded by count and by age; beyond it a key is new. Keys are 128-bit keyed hashes of
/// (source app, event id). The entries are a ring in the order of the log, so that the oldest leaves
/// first and a failed group can be taken back; chains through the ring make it a hash table.
///
///     heads[hash & mask] ─► entry ─► older entry ─► …      (positions in the ring, -1 ends a chain)
public struct DedupeWindow: Sendable {
    public struct Limits: Sendable {
        /// 40 bytes of memory each, taken as the window fills.
        public var eventsMax = 1 << 20
        public var ageMillisecondsMax: Int64 = 24 * 3_600_000

        public init() {}
    }

    public enum Answer: Equatable, Sendable {
        case new
        /// Stored already, with the same content or with another.
        case known(EventID, sameContent: Bool)
    }

    private struct Entry {
        let key: KeyedHash.Value
        let id: EventID
        let content: UInt32
        let second: UInt32
        var next: Int32
    }

    private let limits: Limits
    private let mask: UInt64
    private var heads: [Int32]
    private var ring: [Entry] = []
    /// Entries ever added; an entry's number modulo `eventsMax` is its place in the ring.
    private var added = 0
    /// Entries that left at the old end.
    private var evicted = 0

    public var count: Int { added - evicted }

    public init(limits: Limits = Limits()) {
        precondition(limits.eventsMax > 0, "BUG: a window of no events")
        self.limits = limits
        var buckets = 1
        while buckets < limits.eventsMax { buckets <<= 1 }
        mask = UInt64(buckets - 1)
        heads = Array(repeating: -1, count: buckets)
        // Address space only: a page is taken from the machine when it is first written.
        ring.reserveCapacity(limits.eventsMax)
    }

    /// Looks the key up, and remembers it where it is new.
    public mutating func insert(
        _ key: KeyedHash.Value, content: UInt32, id: EventID, at moment: Timestamp
    ) -> Answer {
        evictAged(at: moment)
        if let known = find(key) {
            return .known(known.id, sameContent: known.content == content)
        }
        if count == limits.eventsMax { evictOldest() }
        let bucket = Int(key.low & mask)
        let entry = Entry(
            key: key, id: id, content: content, second: Self.second(moment), next: heads[bucket])
        let place = added % limits.eventsMax
        if place == ring.count { ring.append(entry) } else { ring[place] = entry }
        heads[bucket] = Int32(place)
        added += 1
        return .new
    }

    /// Takes back the newest entries, down to and including the first one with this id or a later one:
    /// their group never became durable.
    public mutating func removeAll(from id: EventID) {
        while count > 0 {
            let place = (added - 1) % limits.eventsMax
            guard ring[place].id >= id else { return }
            heads[Int(ring[place].key.low & mask)] = ring[place].next
            added -= 1
        }
    }

    private func find(_ key: KeyedHash.Value) -> (id: EventID, content: UInt32)? {
        var place = heads[Int(key.low & mask)]
        while place >= 0 {
            let entry = ring[Int(place)]
            if entry.key == key { return (entry.id, entry.content) }
            place = entry.next
        }
        return nil
    }

    private mutating func evictAged(at moment: Timestamp) {
        let now = Int64(Self.second(moment))
        while count > 0 {
            let age = now - Int64(ring[evicted % limits.eventsMax].second)
            guard age * 1_000 > limits.ageMillisecondsMax else { return }
            evictOldest()
        }
    }

    /// The oldest entry is the last of its chain, since chains run from young to old.
    private mutating func evictOldest() {
        let place = Int32(evicted % limits.eventsMax)
        let bucket = Int(ring[Int(place)].key.low & mask)
        evicted += 1
        if heads[bucket] == place {
            heads[bucket] = -1
            return
        }
        var previous = heads[bucket]
        while ring[Int(previous)].next != place { previous = ring[Int(previous)].next }
        ring[Int(previous)].next = -1
    }

    private static func second(_ moment: Timestamp) -> UInt32 {
        UInt32(clamping: moment.milliseconds / 1_000)
    }
}
