import EventIndex
import TestSupport
import TimeSeries

/// Chapters as a log of small and large partitions has them, with few values, some of them rare.
struct RandomChapters {
    private(set) var chapters: [IndexChapter] = []

    init(count: Int, _ random: inout SplitMix64) {
        var (id, partition, volume, number) = (UInt64(1), UInt64(1), UInt64(1), 0)
        while chapters.count < count {
            if random.isOnce(in: 5) {
                (partition, volume, number) = (id, id, 0)
            } else if number / 64 != (number + 1) / 64 || random.isOnce(in: 40) {
                number = (number / 64 + 1) * 64
                volume = id
            }
            let chapter = Self.chapter(id, partition, volume, number, &random)
            chapters.append(chapter)
            id = chapter.lastID.value + UInt64(random.isOnce(in: 3) ? 4 : 1)
            number += 1
        }
    }

    private static func chapter(
        _ id: UInt64, _ partition: UInt64, _ volume: UInt64, _ number: Int,
        _ random: inout SplitMix64
    ) -> IndexChapter {
        var (next, blocks) = (id, [IndexBlock]())
        for block in 0..<32 where random.isOnce(in: 3) || (block == 31 && blocks.isEmpty) {
            let offset = number * IndexScale.chapterBytes + block * IndexScale.blockBytes
            blocks.append(
                IndexBlock(
                    number: block, offset: offset + Int.random(in: 0..<8_192, using: &random),
                    firstID: EventID(next), checksum: UInt32.random(in: 0 ... .max, using: &random))
            )
            next += UInt64.random(in: 1...3, using: &random)
        }
        let time = Int64(id) * 10 + Int64.random(in: -300...300, using: &random)
        let times = Timestamp(milliseconds: time)...Timestamp(milliseconds: time + 40)
        let entries = values.filter { _ in random.isOnce(in: 4) }.map { value in
            IndexChapter.Entry(
                value, blocks: UInt32.random(in: 1 ... .max, using: &random), lastID: EventID(next))
        }
        return IndexChapter(
            volume: EventID(volume), partition: EventID(partition), blocks: blocks,
            end: (blocks.last?.offset ?? 0) + 5_000, lastID: EventID(next),
            times: random.isOnce(in: 20) ? nil : times,
            entries: entries.filter { $0.value.text != [0x72] || random.isOnce(in: 20) })
    }

    private static let values: [IndexedValue] =
        IndexedField.allCases.flatMap { field in
            ["a", "b", "c", "r"].map { IndexedValue(field, Array($0.utf8)) }
        } + [.any(of: .sessionID)]

    static func query(_ random: inout SplitMix64) -> IndexQuery {
        var filter = EventFilter()
        let texts = ["a", "b", "c", "r", "absent"].shuffled(using: &random)
        let few = Array(texts.prefix(Int.random(in: 1...2, using: &random)))
        if random.isOnce(in: 3) { filter.sessionIDs = few }
        if random.isOnce(in: 3) { filter.types = Array(few.reversed()) }
        if random.isOnce(in: 4) { filter.agentIDs = [random.pick(texts)] }
        if random.isOnce(in: 6) { filter.sourceApps = [random.pick(texts)] }
        let moments = -300...Int64(9_000)
        func moment(_ random: inout SplitMix64) -> Timestamp {
            Timestamp(milliseconds: Int64.random(in: moments, using: &random))
        }
        if random.isOnce(in: 4) { filter.from = moment(&random) }
        if random.isOnce(in: 4) { filter.to = moment(&random) }
        let low = random.isOnce(in: 2) ? 0 : UInt64.random(in: 0...4_000, using: &random)
        let high =
            random.isOnce(in: 2) ? UInt64.max : UInt64.random(in: low...6_000, using: &random)
        return IndexQuery(filter, ids: EventID(low)...EventID(high))
    }
}

extension IndexChapter {
    /// Of one block and line, in a partition of its own.
    static func single(_ id: EventID, _ entries: [Entry]) -> IndexChapter {
        IndexChapter(
            volume: id, partition: id,
            blocks: [IndexBlock(number: 0, offset: 80, firstID: id, checksum: 0)], end: 500,
            lastID: id, times: Timestamp(milliseconds: 0)...Timestamp(milliseconds: 0),
            entries: entries)
    }
}
