import EventLog
import Testing
import TestSupport
import TimeSeries

/// Overwrites random stretches of a log with bytes that stand in no valid line, and compares what
/// recovery says with what a look at the original tells.
@Suite struct `Recovery after random damage` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test(arguments: seeds(60, long: 3_000))
    func `keeps every line that was not touched, and tells of all the others`(
        seed: UInt64
    ) throws {
        var random = SplitMix64(seed: seed)
        let original = Original(&random)
        let damaged = original.damaged(&random)
        try folder.write(damaged.bytes, to: fileName(firstID: 1))
        let whole = original.wholeLines(damaged.isTouched)

        let (log, report) = try EventLog.open(folder)
        #expect(try log.snapshot().ids() == whole.map(\.id))
        #expect(try log.snapshot().idsBackward() == whole.map(\.id).reversed())

        // Recovery may write the header anew: what is compared is what follows it.
        let kept = try folder.bytes(of: fileName(firstID: 1))
        var passedOver = Set(kept.count..<max(kept.count, damaged.bytes.count))
        for span in report.damage { passedOver.formUnion(span.range) }
        passedOver.subtract(header().indices)
        var expected = Set(header().count..<damaged.bytes.count)
        for line in whole { expected.subtract(line.range) }
        #expect(passedOver == expected)

        #expect(log.lastID.value == original.headIDs(damaged.isTouched, kept).max() ?? 0)
        let restored = whole.map { $0.range.lowerBound - 1 }.filter { damaged.isTouched[$0] }
        #expect(report.lineEndsRestored == restored.count)
        var repaired = damaged.bytes
        for place in restored { repaired[place] = UInt8(ascii: "\n") }
        #expect(
            kept.dropFirst(header().count) == repaired.prefix(kept.count).dropFirst(header().count))
        try findsTheSameAgain(log)
    }

    private func findsTheSameAgain(_ log: EventLog) throws {
        let bytes = try folder.bytes(of: fileName(firstID: 1))
        let (again, report) = try EventLog.open(folder)
        #expect(again.lastID == log.lastID)
        #expect(try again.snapshot().ids() == log.snapshot().ids())
        #expect(report.bytesCut == 0 && report.lineEndsRestored == 0)
        #expect(try folder.bytes(of: fileName(firstID: 1)) == bytes)
    }
}

/// A log as it was written, with the place of each line.
private struct Original {
    typealias Line = (id: UInt64, range: Range<Int>)

    var bytes = header()
    var lines: [Line] = []

    init(_ random: inout SplitMix64) {
        for id in 1...UInt64.random(in: 1...40, using: &random) {
            let start = bytes.count
            bytes += line(id, bytes: Int.random(in: 0...900, using: &random))
            lines.append((id, start..<bytes.count))
        }
    }

    /// Zeros, or bytes that stand nowhere in JSON's text, and perhaps line ends among them.
    func damaged(_ random: inout SplitMix64) -> (bytes: [UInt8], isTouched: [Bool]) {
        var bytes = bytes
        var isTouched = [Bool](repeating: false, count: bytes.count)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let start = Int.random(in: bytes.indices, using: &random)
            let end = min(bytes.count, start + length(&random))
            let letters: [UInt8] = random.pick([[0], [0xFF], [0, 0xFF, 0x0A]])
            for index in start..<end {
                let letter = random.pick(letters)
                if bytes[index] != letter { isTouched[index] = true }
                bytes[index] = letter
            }
        }
        // What is lost seldom begins or ends beside a line end, unless it is made to.
        for line in lines where random.isOnce(in: 9) {
            isTouched[line.range.upperBound - 1] = true
            bytes[line.range.upperBound - 1] = 0
        }
        return (bytes, isTouched)
    }

    private func length(_ random: inout SplitMix64) -> Int {
        Int.random(in: 1...random.pick([3, 300, 1_500]), using: &random)
    }

    /// The lines none of whose bytes was touched; one whose line end was is known by a whole line that
    /// follows.
    func wholeLines(_ isTouched: [Bool]) -> [Line] {
        var whole: [Line] = []
        for line in lines.reversed() {
            let isLast = whole.last?.range.lowerBound != line.range.upperBound
            if isTouched[line.range.dropLast()].contains(true) { continue }
            if isLast && isTouched[line.range.upperBound - 1] { continue }
            whole.append(line)
        }
        return whole.reversed()
    }

    /// The ids that are whole at the beginning of a line that was kept, whatever became of its rest.
    func headIDs(_ isTouched: [Bool], _ kept: [UInt8]) -> [UInt64] {
        lines.filter { line in
            let head = line.range.prefix("{\"id\":\(line.id),".utf8.count)
            return head.upperBound < kept.count && !isTouched[head].contains(true)
                && kept[head.lowerBound - 1] == UInt8(ascii: "\n")
        }.map(\.id)
    }
}
