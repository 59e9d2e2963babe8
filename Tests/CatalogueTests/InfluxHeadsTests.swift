import Catalogue
import TestSupport
import TimeSeries
import Testing

/// Lines that repeat the heads of others, now and then with something else behind them.
private struct RandomLines {
    var random: SplitMix64

    mutating func line() -> String {
        let tags = (0..<Int.random(in: 0...2, using: &random)).map { _ in
            ",\(random.pick(["a", "b", "a\\ b", "é"]))=\(random.pick(["1", "2", "x\\,y", "\"", "é"]))"
        }
        let fields = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            "\(random.pick(["f", "g", "f\\ g", "h%"]))=\(value())"
        }
        let time =
            random.isOnce(in: 3) ? "" : " 17383194\(random.pick(["00", "01", "99"]))000000000"
        return random.pick(["m", "m\\,x", "n€"]) + tags.joined() + " "
            + fields.joined(separator: ",")
            + time
    }

    private mutating func value() -> String {
        guard random.isOnce(in: 6) else { return "\(Int.random(in: 0..<99, using: &random)).5" }
        return random.pick([
            "t", "7i", "+1.", "1e30", "1e-9", "NaN", "x", "\"text\"", "99999999999999999999i",
            "12345678901234567890.5",
        ])
    }
}

private struct Decoded: Equatable {
    var texts: [String]
    var verdicts: [Verdict]
}

private let now = Timestamp(milliseconds: SampleLine.start)

/// Each line as a request of its own; the decoder that is not kept knows no head.
private func decode(_ lines: [String], isKept: Bool) -> Decoded {
    var samples = SampleLines()
    var verdicts: [Verdict] = []
    let fresh = InfluxLineDecoder(metrics: MetricTable(), now: now)
    var decoder = fresh
    var seen = SampleVerdicts()
    for line in lines {
        if !isKept { (decoder, seen) = (fresh, SampleVerdicts()) }
        let bytes = Array(line.utf8)
        let taken = decoder.decode(bytes.span, isEnd: true, into: &samples)
        #expect(taken == bytes.count)
        verdicts.append(Verdict(decoder.verdicts, since: seen))
        seen = decoder.verdicts
    }
    return Decoded(texts: samples.texts(), verdicts: verdicts)
}

/// What a request of one line is told; numbers of lines are those of a whole request.
private struct Verdict: Equatable {
    let accepted, skippedStrings: Int
    let rejected: [String]

    init(_ verdicts: SampleVerdicts, since seen: SampleVerdicts) {
        accepted = verdicts.accepted - seen.accepted
        skippedStrings = verdicts.skippedStrings - seen.skippedStrings
        rejected = verdicts.rejected.dropFirst(seen.rejected.count).map {
            "\($0.code) \($0.field ?? "") \($0.message)"
        }
    }
}

@Suite struct `Heads of line protocol that come again` {
    @Test(arguments: seeds(20, long: 2_000))
    func `mean what they meant`(seed: UInt64) {
        var random = RandomLines(random: SplitMix64(seed: seed))
        // Of one request, at most 100 faults are listed.
        let lines = (0..<80).map { _ in random.line() }
        #expect(decode(lines, isKept: true) == decode(lines, isKept: false))
    }

    @Test func `are forgotten when they are too many, and nothing is lost`() {
        // More than a MiB of heads and of groups, twice.
        let pad = String(repeating: "x", count: 200)
        let lines = (0..<2).flatMap { _ in
            (0..<6_000).flatMap { host in
                [String](repeating: "m,host=\(host),pad=\(pad) f=1,g=2", count: 2)
            }
        }
        let kept = decode(lines, isKept: true)
        #expect(kept.verdicts.allSatisfy { $0.accepted == 2 && $0.rejected.isEmpty })
        var observer = LineObserver()
        var counts: [String: Int] = [:]
        for found in kept.texts.flatMap({ observer.observe($0) }) {
            counts[found.series, default: 0] += 1
        }
        #expect(counts.count == 12_000)
        #expect(counts.values.allSatisfy { $0 == 4 })
    }
}
