/// One side of a sketch: the entries that were met, in the order of their index.
public struct SketchSide: Equatable, Sendable {
    public struct Entry: Equatable, Sendable {
        public internal(set) var index: Int32
        /// Never 0.
        public internal(set) var count: UInt64
    }

    public internal(set) var entries: [Entry] = []

    public var count: UInt64 { entries.reduce(0) { $0.addingSaturating($1.count) } }

    mutating func add(_ index: Int32, count: UInt64) {
        let place = place(of: index)
        if place < entries.count, entries[place].index == index {
            entries[place].count = entries[place].count.addingSaturating(count)
        } else {
            entries.insert(Entry(index: index, count: count), at: place)
        }
    }

    mutating func merge(_ other: SketchSide) {
        guard !other.entries.isEmpty else { return }
        var merged: [Entry] = []
        merged.reserveCapacity(entries.count + other.entries.count)
        var place = 0
        for entry in other.entries {
            while place < entries.count, entries[place].index < entry.index {
                merged.append(entries[place])
                place += 1
            }
            var sum = entry
            if place < entries.count, entries[place].index == entry.index {
                sum.count = sum.count.addingSaturating(entries[place].count)
                place += 1
            }
            merged.append(sum)
        }
        merged += entries[place...]
        entries = merged
    }

    /// Makes 2ˢʰⁱᶠᵗ neighbours one: exact, since their bounds are bounds of the coarser entries too.
    mutating func coarsen(by shift: Int) {
        guard shift > 0, !entries.isEmpty else { return }
        var last = 0
        entries[0].index >>= Int32(shift)
        for place in 1..<entries.count {
            let (index, count) = (entries[place].index >> Int32(shift), entries[place].count)
            if index == entries[last].index {
                entries[last].count = entries[last].count.addingSaturating(count)
            } else {
                last += 1
                entries[last] = Entry(index: index, count: count)
            }
        }
        entries.removeSubrange((last + 1)...)
    }

    /// The first place whose index is not less.
    @inline(__always)
    private func place(of index: Int32) -> Int {
        var (low, length) = window(of: index)
        while length > 0 {
            let half = (length &+ 1) &>> 1
            let difference = Int(entries[low &+ half &- 1].index) &- Int(index)
            // All ones where the entry is less: no branch on the data, which none could foresee.
            low &+= half & (difference &>> 63)
            length &-= half
        }
        return low
    }

    /// Where a search must look. Indexes rise by 1 at least, so an entry is no farther from either end
    /// than its index is: where few are missing, little is left to be searched.
    @inline(__always)
    private func window(of index: Int32) -> (low: Int, length: Int) {
        guard let first = entries.first, let last = entries.last else { return (0, 0) }
        let high = min(entries.count, max(0, Int(index) &- Int(first.index)))
        let low = max(0, min(high, entries.count &- 1 &- (Int(last.index) &- Int(index))))
        return (low, high &- low)
    }
}

extension UInt64 {
    /// The sum, or the largest number: as independent of order as a sum is.
    @inline(__always)
    func addingSaturating(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
