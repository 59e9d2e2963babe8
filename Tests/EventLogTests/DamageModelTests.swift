import EventLog
import Testing
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
        let intact = original.intactLines(damaged.isTouched)

        let (log, report) = try EventLog.open(folder)
        #expect(Set(try log.snapshot().ids()).isSuperset(of: intact.map(\.id)))
        #expect(log.lastID == EventID(intact.last?.id ?? 0))

        // Recovery may write the header anew: what is compared is what follows it.
        let kept = try folder.bytes(of: fileName(firstID: 1))
        var passedOver = Set(kept.count..<max(kept.count, damaged.bytes.count))
        for span in report.damage { passedOver.formUnion(span.range) }
        passedOver.subtract(header().indices)
        var expected = Set(header().count..<damaged.bytes.count)
        for line in intact { expected.subtract(line.range) }
        #expect(passedOver == expected)
    }
}

/// A log as it was written, with the place of each line.
private struct Original {
    var bytes = header()
    var lines: [(id: UInt64, range: Range<Int>)] = []

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
            let end = min(bytes.count, start + Int.random(in: 1...1_500, using: &random))
            let letters: [UInt8] = random.pick([[0], [0xFF], [0, 0xFF, 0x0A]])
            for index in start..<end {
                let letter = random.pick(letters)
                if bytes[index] != letter { isTouched[index] = true }
                bytes[index] = letter
            }
        }
        return (bytes, isTouched)
    }

    /// The lines none of whose bytes was touched, nor the line end before them.
    func intactLines(_ isTouched: [Bool]) -> [(id: UInt64, range: Range<Int>)] {
        lines.filter { line in
            !isTouched[(line.range.lowerBound - 1)..<line.range.upperBound].contains(true)
        }
    }
}
