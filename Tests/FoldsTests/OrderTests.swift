import Folds
import Rollup
import Testing
import TestSupport
import TimeSeries

/// What the order of the log has no part in.
@Suite struct `A fold of lines in another order` {
    /// Joins find other halves, readings begin elsewhere, and another kind comes first.
    private static let ordered: Set = [
        "tool.duration", "permission.wait", "total", "either", "fine", "turns",
    ]

    @Test(arguments: seeds(6, long: 1_000))
    func `counts each line the same`(seed: UInt64) throws {
        let log = RandomLog(seed: seed)
        var random = SplitMix64(seed: seed)
        let (one, other) = (FoldedLog(log), FoldedLog(log.shuffled(using: &random)))
        #expect(one.places { !Self.ordered.contains($0) }.count > 1_000)
        #expect(one.differences(from: other) { !Self.ordered.contains($0) }.prefix(5) == [])
    }

    @Test(arguments: seeds(6, long: 1_000))
    func `joins the same halves where each tool use is another one`(seed: UInt64) throws {
        let log = RandomLog(seed: seed, .tidy)
        var random = SplitMix64(seed: seed)
        let (one, other) = (FoldedLog(log), FoldedLog(log.shuffled(using: &random)))
        #expect(one.places { $0 == "tool.duration" }.count > 100)
        #expect(one.places { $0 == "permission.wait" }.count > 50)
        #expect(one.differences(from: other) { _ in true }.prefix(5) == [])
    }
}

/// What is folded of a log, without the numbers that series have.
private struct FoldedLog {
    struct Place: Hashable, CustomStringConvertible {
        let key: [UInt8]
        /// nil for a series' whole life.
        let interval: Interval?
        let start: Timestamp

        var metric: String { String(decoding: key.prefix { $0 != 0x7B }, as: UTF8.self) }

        var description: String {
            "\(String(decoding: key, as: UTF8.self)) \(interval?.name ?? "life") \(start)"
        }
    }

    private enum Content: Equatable {
        case bucket(Bucket)
        case life(count: Int64, sum: Int128)
    }

    private var contents: [Place: Content] = [:]

    init(_ log: RandomLog) {
        var fold = Fold()
        for place in 0..<log.count {
            let line = Array(log[place].utf8)
            fold.add(line.span)
        }
        let rows = fold.series.rows
        for interval in Interval.allCases {
            for entry in fold.buckets.batch().expanded(to: interval).batch.entries {
                let key = rows[Int(entry.series.value)].key
                let place = Place(key: key, interval: interval, start: entry.start)
                contents[place] = .bucket(entry.bucket)
            }
        }
        for row in rows {
            let place = Place(key: row.key, interval: nil, start: Timestamp(milliseconds: 0))
            contents[place] = .life(count: row.totals.count, sum: row.totals.sum)
        }
    }

    func places(where isWanted: (String) -> Bool) -> [Place] {
        contents.keys.filter { isWanted($0.metric) }
    }

    /// Also sketches, bit by bit.
    func differences(from other: FoldedLog, where isWanted: (String) -> Bool) -> [String] {
        Set(places(where: isWanted)).union(other.places(where: isWanted))
            .filter { contents[$0] != other.contents[$0] }.map(\.description)
    }
}
