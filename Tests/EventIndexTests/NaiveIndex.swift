import EventIndex
import TimeSeries

/// The index of some lines by its definition: lines are put together, and everything is looked up anew.
struct NaiveIndex {
    private(set) var chapters: [IndexChapter] = []

    /// - Parameter max: `chapterValuesMax`.
    init(_ lines: [WrittenLine], max: Int) {
        var groups: [[WrittenLine]] = []
        for line in lines where line.id != nil {
            if let last = groups.last?.last, last.partition == line.partition,
                last.end == line.offset, last.offset >> 18 == line.offset >> 18
            {
                groups[groups.count - 1].append(line)
            } else {
                groups.append([line])
            }
        }
        // The last one is not finished yet.
        for group in groups.dropLast() {
            let first = lines.first { line in
                line.id != nil && line.partition == group[0].partition
                    && line.offset >> 24 == group[0].offset >> 24
            }
            chapters.append(
                IndexChapter(of: group, volume: first?.id ?? 0, max: max))
        }
    }
}

extension IndexChapter {
    fileprivate init(of lines: [WrittenLine], volume: UInt64, max: Int) {
        let numbers = lines.map { $0.offset >> 13 & 31 }
        var blocks: [IndexBlock] = []
        for number in Set(numbers).sorted() {
            let own = zip(lines, numbers).filter { $1 == number }.map(\.0)
            blocks.append(
                IndexBlock(
                    number: number, offset: own[0].offset, firstID: EventID(own[0].id ?? 0),
                    checksum: slowCRC(own.flatMap(\.bytes))))
        }
        let times = lines.compactMap(\.time)
        var entries: [Entry] = []
        for (line, number) in zip(lines, numbers) where line.time != nil {
            let values: [(IndexedField, String?)] = [
                (.sessionID, line.session), (.sourceApp, line.app), (.type, line.type),
                (.agentID, line.agent),
            ]
            for (field, text) in values {
                guard let text else { continue }
                let value = IndexedValue(field, Array(text.utf8))
                let place = entries.firstIndex { $0.value == value }
                let known = place.map { entries[$0].blocks } ?? 0
                let entry = Entry(
                    value, blocks: known | 1 << UInt32(number), lastID: EventID(line.id ?? 0))
                if let place { entries[place] = entry } else { entries.append(entry) }
            }
        }
        for field in IndexedField.allCases {
            let own = entries.filter { $0.value.field == field }
            guard own.count > max else { continue }
            entries.removeAll { $0.value.field == field }
            entries.append(
                Entry(
                    .any(of: field), blocks: own.reduce(0) { $0 | $1.blocks },
                    lastID: own.map(\.lastID).max() ?? .none))
        }
        self.init(
            volume: EventID(volume), partition: EventID(lines[0].partition), blocks: blocks,
            end: lines[lines.count - 1].end, lastID: EventID(lines[lines.count - 1].id ?? 0),
            times: times.min().flatMap { low in times.max().map { low...$0 } }, entries: entries)
    }
}

/// CRC-32, bit by bit.
func slowCRC(_ bytes: [UInt8]) -> UInt32 {
    var state: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
        state ^= UInt32(byte)
        for _ in 0..<8 { state = state >> 1 ^ (state & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~state
}
