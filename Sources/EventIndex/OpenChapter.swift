internal import TimeSeries

/// The chapter that lines are added to.
struct OpenChapter: Sendable {
    let partition: EventID
    var end: Int
    var lastID: EventID
    /// The number of its last block in the partition.
    private(set) var lastBlock = -1
    private let volume: EventID
    /// In the partition.
    private let number: Int
    private var blocks: [IndexBlock] = []
    private var times: ClosedRange<Timestamp>?
    /// Numbers of the values that stand in it, in the order in which they came.
    private var numbers: [Int] = []
    private var bit: UInt32 = 0

    init(volume: EventID, _ place: LinePlace, _ id: EventID) {
        self.volume = volume
        partition = place.partition
        number = place.offset / IndexScale.chapterBytes
        end = place.offset
        lastID = id
    }

    /// Whether a line that begins a block is the next one of this chapter.
    func takes(_ chapter: Int, at place: LinePlace) -> Bool {
        partition == place.partition && number == chapter && end == place.offset
    }

    mutating func beginBlock(at offset: Int, _ id: EventID) {
        let number = IndexScale.block(of: offset)
        lastBlock = offset / IndexScale.blockBytes
        bit = 1 << UInt32(number)
        blocks.append(IndexBlock(number: number, offset: offset, firstID: id, checksum: 0))
    }

    /// Takes lines of the last block into its checksum.
    mutating func add(_ lines: Span<UInt8>) {
        let last = blocks.count - 1
        blocks[last].checksum = BlockChecksum.adding(lines, to: blocks[last].checksum)
    }

    mutating func add(_ time: Timestamp) {
        guard let known = times else { return times = time...time }
        if !known.contains(time) {
            times = min(known.lowerBound, time)...max(known.upperBound, time)
        }
    }

    mutating func add(_ value: Int, _ values: inout ValueTable, _ id: EventID) {
        if values[value].blocks == 0 { numbers.append(value) }
        values[value].blocks |= bit
        values[value].lastID = id.value
    }

    /// - Parameter values: forget what they know of this chapter.
    func finished(
        _ values: inout ValueTable, _ limits: IndexBuilder.Limits
    ) -> IndexChapter {
        var entries: [IndexChapter.Entry] = []
        entries.reserveCapacity(numbers.count)
        for number in numbers {
            let slot = values[number]
            entries.append(
                IndexChapter.Entry(
                    slot.value, blocks: slot.blocks, lastID: EventID(slot.lastID)))
            values[number].blocks = 0
        }
        for field in IndexedField.allCases { entries.fold(field, limits.chapterValuesMax) }
        return IndexChapter(
            volume: volume, partition: partition, blocks: blocks, end: end, lastID: lastID,
            times: times, entries: entries)
    }
}

extension [IndexChapter.Entry] {
    /// Where a field has too many values, one stands for all of them.
    fileprivate mutating func fold(_ field: IndexedField, _ max: Int) {
        guard count > max, count(where: { $0.value.field == field }) > max else { return }
        var all = IndexChapter.Entry(.any(of: field), blocks: 0, lastID: .none)
        for entry in self where entry.value.field == field {
            all.blocks |= entry.blocks
            all.lastID = Swift.max(all.lastID, entry.lastID)
        }
        removeAll { $0.value.field == field }
        append(all)
    }
}
