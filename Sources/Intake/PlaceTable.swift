/// A hash table of places in an array, by key: open addressing, at most half full, no tombstones.
///
/// A slot holds half of the key's hash beside the place, so that a key that is not there is told without
/// a look at the array.
///
///     slot:  hash, 32 bits │ place + 1, 32 bits      (0 = empty)
struct PlaceTable: Sendable {
    private var slots = [UInt64](repeating: 0, count: 1 << 10)
    private var count = 0

    private var mask: Int { slots.count - 1 }

    /// The first place under this key's hash that is the right one.
    @inline(__always)
    func first(of key: KeyedHash.Value, where isRight: (Int) -> Bool) -> Int? {
        let hash = key.low >> 32
        var index = home(hash)
        while slots[index] != 0 {
            if slots[index] >> 32 == hash, isRight(Self.place(slots[index])) {
                return Self.place(slots[index])
            }
            index = (index + 1) & mask
        }
        return nil
    }

    mutating func insert(_ place: Int, of key: KeyedHash.Value) {
        if count * 2 >= slots.count { grow() }
        put((key.low & ~0xFFFF_FFFF) | UInt64(place + 1))
        count += 1
    }

    /// The place must be there.
    mutating func remove(_ place: Int, of key: KeyedHash.Value) {
        var hole = home(key.low >> 32)
        while Self.place(slots[hole]) != place { hole = (hole + 1) & mask }
        var index = hole
        while true {
            index = (index + 1) & mask
            guard slots[index] != 0 else { break }
            // A slot moves into the hole unless its home lies behind the hole.
            let distance = (index - home(slots[index] >> 32)) & mask
            if distance >= (index - hole) & mask {
                slots[hole] = slots[index]
                hole = index
            }
        }
        slots[hole] = 0
        count -= 1
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        for slot in old where slot != 0 { put(slot) }
    }

    @inline(__always)
    private mutating func put(_ slot: UInt64) {
        var index = home(slot >> 32)
        while slots[index] != 0 { index = (index + 1) & mask }
        slots[index] = slot
    }

    @inline(__always)
    private func home(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & mask }

    @inline(__always)
    private static func place(_ slot: UInt64) -> Int {
        Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1
    }
}
