internal import TimeSeries

/// Numbers by 128-bit key, in the order in which they were written; the oldest leave first.
///
/// It is a part of a fold, so it must be the same after a crash: it knows what has changed since its
/// rows were last stored, and what leaves does so by log position and count, never by a clock.
///
///     slots  ─ open addressing over the keys' low words ─►  entries  ─ linked, oldest … newest
struct AgingTable: Sendable {
    struct Entry: Sendable {
        let key: StableHash
        var value: Int128
        var id: EventID
        var time: Timestamp
        /// Rises with each write.
        var order: UInt64
        fileprivate var older, newer: Int32
        /// A row of it, maybe an older one, is in the store.
        fileprivate var isStored: Bool
        fileprivate var isChanged: Bool
    }

    let countMax: Int
    private var entries: [Entry] = []
    /// Places in `entries` that are free.
    private var free: [Int32] = []
    /// One more than a place in `entries`; 0 is empty. A power of two of them.
    private var slots: [Int32]
    private var oldest: Int32 = -1
    private var newest: Int32 = -1
    private var nextOrder: UInt64 = 1
    /// Keys of stored rows that have left since.
    private var left: [StableHash] = []

    init(countMax: Int) {
        precondition(countMax > 0 && countMax < 1 << 28, "BUG: not a table's size")
        self.countMax = countMax
        slots = Array(repeating: 0, count: 16)
    }

    var count: Int { entries.count - free.count }
}

// MARK: Reading and writing

extension AgingTable {
    func value(_ key: StableHash) -> Entry? {
        let place = place(of: key)
        return place >= 0 ? entries[Int(place)] : nil
    }

    /// Writes a value; it is the newest then. The oldest leaves where the table is full.
    mutating func set(_ key: StableHash, _ value: Int128, id: EventID, time: Timestamp) {
        let known = place(of: key)
        if known >= 0 {
            unlink(known)
            entries[Int(known)].value = value
            entries[Int(known)].id = id
            entries[Int(known)].time = time
            entries[Int(known)].isChanged = true
            link(known)
        } else {
            if count >= countMax { remove(at: oldest) }
            insert(
                Entry(
                    key: key, value: value, id: id, time: time, order: 0, older: -1, newer: -1,
                    isStored: false, isChanged: true))
        }
    }

    /// Takes a value out.
    mutating func take(_ key: StableHash) -> Entry? {
        let place = place(of: key)
        guard place >= 0 else { return nil }
        let entry = entries[Int(place)]
        remove(at: place)
        return entry
    }

    /// Lets go of what was written by lines before this one.
    mutating func evict(before id: EventID) {
        while oldest >= 0, entries[Int(oldest)].id < id { remove(at: oldest) }
    }
}

// MARK: Storing

extension AgingTable {
    /// What has been written since the last call, oldest first, and the keys of stored rows that left.
    /// A key may be in both: its row leaves before the new one is written.
    mutating func takeChanges() -> (written: [Entry], removed: [StableHash]) {
        var written: [Entry] = []
        var place = newest
        while place >= 0, entries[Int(place)].isChanged {
            entries[Int(place)].isChanged = false
            entries[Int(place)].isStored = true
            written.append(entries[Int(place)])
            place = entries[Int(place)].older
        }
        written.reverse()
        defer { left.removeAll() }
        return (written, left)
    }

    /// Puts a stored row back. Rows come in their order.
    mutating func restore(
        _ key: StableHash, _ value: Int128, id: EventID, time: Timestamp, order: UInt64
    ) {
        guard place(of: key) < 0 else { return }
        if count >= countMax { remove(at: oldest) }
        nextOrder = max(nextOrder, order)
        insert(
            Entry(
                key: key, value: value, id: id, time: time, order: order, older: -1, newer: -1,
                isStored: true, isChanged: false))
    }
}

// MARK: The list

extension AgingTable {
    private mutating func insert(_ entry: Entry) {
        let place: Int32
        if let reused = free.popLast() {
            place = reused
            entries[Int(place)] = entry
        } else {
            place = Int32(truncatingIfNeeded: entries.count)
            entries.append(entry)
        }
        if entries.count * 2 > slots.count { grow() }
        occupy(place)
        link(place)
    }

    private mutating func remove(at place: Int32) {
        let entry = entries[Int(place)]
        if entry.isStored { left.append(entry.key) }
        vacate(entry.key)
        unlink(place)
        free.append(place)
    }

    private mutating func link(_ place: Int32) {
        entries[Int(place)].order = nextOrder
        nextOrder += 1
        entries[Int(place)].older = newest
        entries[Int(place)].newer = -1
        if newest >= 0 { entries[Int(newest)].newer = place } else { oldest = place }
        newest = place
    }

    private mutating func unlink(_ place: Int32) {
        let (older, newer) = (entries[Int(place)].older, entries[Int(place)].newer)
        if older >= 0 { entries[Int(older)].newer = newer } else { oldest = newer }
        if newer >= 0 { entries[Int(newer)].older = older } else { newest = older }
    }
}

// MARK: The slots

extension AgingTable {
    private func home(_ key: StableHash) -> Int {
        Int(truncatingIfNeeded: key.low) & (slots.count - 1)
    }

    /// - Returns: -1 where there is no such key.
    private func place(of key: StableHash) -> Int32 {
        var slot = home(key)
        while slots[slot] != 0 {
            let place = slots[slot] - 1
            if entries[Int(place)].key == key { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        return -1
    }

    private mutating func occupy(_ place: Int32) {
        var slot = home(entries[Int(place)].key)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = place + 1
    }

    /// Closes the gap, so that no search ends before its key (Knuth 6.4, algorithm R).
    private mutating func vacate(_ key: StableHash) {
        let mask = slots.count - 1
        var gap = home(key)
        while entries[Int(slots[gap] - 1)].key != key { gap = (gap + 1) & mask }
        var slot = (gap + 1) & mask
        while slots[slot] != 0 {
            let wanted = home(entries[Int(slots[slot] - 1)].key)
            if (slot - wanted) & mask >= (slot - gap) & mask {
                slots[gap] = slots[slot]
                gap = slot
            }
            slot = (slot + 1) & mask
        }
        slots[gap] = 0
    }

    private mutating func grow() {
        let places = slots.filter { $0 != 0 }
        slots = Array(repeating: 0, count: slots.count * 2)
        for place in places { occupy(place - 1) }
    }
}
