public import TimeSeries

/// Which events came lately, by key: the recent set that makes a retry harmless.
///
/// Bounded by count and by age; beyond it a key is new. Keys are 128-bit keyed hashes of
/// (source app, event id). The entries are a ring in the order of the log, so that the oldest leaves
/// first and a failed group can be taken back; an open hash table finds them.
public struct DedupeWindow: Sendable {
    public struct Limits: Sendable {
        /// 48 bytes of memory each, taken as the window fills.
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
    }

    private let limits: Limits
    private var table = PlaceTable()
    private var ring: [Entry] = []
    /// Entries ever added; an entry's number modulo `eventsMax` is its place in the ring.
    private var added = 0
    /// Entries that left at the old end.
    private var evicted = 0

    public var count: Int { added - evicted }

    public init(limits: Limits = Limits()) {
        precondition(limits.eventsMax > 0, "BUG: a window of no events")
        self.limits = limits
        // Address space only: a page is taken from the machine when it is first written.
        ring.reserveCapacity(limits.eventsMax)
    }

    /// Looks the key up, and remembers it where it is new.
    public mutating func insert(
        _ key: KeyedHash.Value, content: UInt32, id: EventID, at moment: Timestamp
    ) -> Answer {
        evictAged(at: moment)
        if let place = table.first(of: key, where: { ring[$0].key == key }) {
            return .known(ring[place].id, sameContent: ring[place].content == content)
        }
        if count == limits.eventsMax { evictOldest() }
        let entry = Entry(key: key, id: id, content: content, second: Self.second(moment))
        let place = added % limits.eventsMax
        if place == ring.count { ring.append(entry) } else { ring[place] = entry }
        table.insert(place, of: key)
        added += 1
        return .new
    }

    /// Takes back the newest entries, down to and including the first one with this id or a later one:
    /// their group never became durable.
    public mutating func removeAll(from id: EventID) {
        while count > 0 {
            let place = (added - 1) % limits.eventsMax
            guard ring[place].id >= id else { return }
            table.remove(place, of: ring[place].key)
            added -= 1
        }
    }

    private mutating func evictAged(at moment: Timestamp) {
        let now = Int64(Self.second(moment))
        while count > 0 {
            let age = now - Int64(ring[evicted % limits.eventsMax].second)
            guard age * 1_000 > limits.ageMillisecondsMax else { return }
            evictOldest()
        }
    }

    private mutating func evictOldest() {
        let place = evicted % limits.eventsMax
        table.remove(place, of: ring[place].key)
        evicted += 1
    }

    private static func second(_ moment: Timestamp) -> UInt32 {
        UInt32(clamping: moment.milliseconds / 1_000)
    }
}
