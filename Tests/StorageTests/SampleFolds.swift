import Rollup
import Storage
import TestSupport
import TimeSeries

/// Flushes as an engine makes them, from random samples, and all that they amount to.
struct SampleFolds {
    /// 2026-11-25T00:00:00Z
    static let start = Timestamp(milliseconds: 1_795_564_800_000)

    var random: SplitMix64
    var series = SeriesTable()
    private var id: UInt64 = 0
    private(set) var now = start

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// Behind all flushes so far.
    mutating func checkpoint(version: Int64 = 1) -> Checkpoint {
        id += UInt64.random(in: 1...9, using: &random)
        now = now.advanced(byMilliseconds: Int64.random(in: 0...30_000, using: &random))
        return Checkpoint(logID: "log", lastID: EventID(id), time: now, foldVersion: version)
    }

    static let kinds: [(metric: String, kind: MetricKind)] = [
        ("calls", .counter), ("depth", .gauge), ("duration", .distribution),
    ]

    /// A flush of so many samples.
    mutating func flush(samples: Int, withState: Bool = false) -> Flush {
        let checkpoint = checkpoint()
        var table = BucketTable()
        for _ in 0..<samples {
            let (metric, kind) = random.pick(Self.kinds)
            let key = SeriesKey(metric: metric, tags: [.init("n", "\(random.next() % 4)")])
            let value = value()
            let series = try? series.observe(
                key.canonical.span, kind: kind, sum: value.parts, at: checkpoint.lastID,
                now: checkpoint.time)
            guard let series else { continue }
            table.add(value, at: time(), to: series, kind: kind)
        }
        var flush = Flush(checkpoint: checkpoint)
        flush.minutes = table.batch()
        flush.series = series.takeChanges()
        if withState { flush.state = stateChanges() }
        return flush
    }

    /// Mostly of late, sometimes long ago or on the edge of what can be said.
    private mutating func time() -> Timestamp {
        switch random.next() % 20 {
        case 0: now.advanced(byMilliseconds: -Int64.random(in: 0...400_000_000, using: &random))
        case 1: Timestamp(milliseconds: -Int64.random(in: 0...7_200_000, using: &random))
        case 2:
            random.pick([
                Timestamp.representable.lowerBound, Timestamp.representable.upperBound,
            ])
        default: now.advanced(byMilliseconds: -Int64.random(in: 0...600_000, using: &random))
        }
    }

    /// Some do not fit 64 bits, and the sums of more do not.
    private mutating func value() -> Quantity {
        switch random.next() % 8 {
        case 0: Quantity(parts: 0)
        case 1: Quantity(parts: Quantity.magnitudeMax)
        case 2: Quantity(parts: -Quantity.magnitudeMax)
        case 3: Quantity(parts: Int128(Int64.max) + Int128.random(in: -1...1, using: &random))
        case 4: Quantity(parts: Int128(Int64.min) + Int128.random(in: -1...1, using: &random))
        default: Quantity(parts: Int128.random(in: -5_000_000_000...9_000_000_000, using: &random))
        }
    }

    /// Rows that come, are replaced and leave.
    private mutating func stateChanges() -> StateChanges {
        var changes = StateChanges()
        for _ in 0..<(random.next() % 5) { changes.removed.append(stateKey()) }
        for _ in 0..<(random.next() % 8) {
            let bytes = (0..<(random.next() % 30)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            changes.written.append(StateRow(key: stateKey(), value: bytes))
        }
        return changes
    }

    private mutating func stateKey() -> StateRow.Key {
        StateRow.Key(
            kind: random.pick(["half", "counter", ""]),
            key: random.pick([[], [0], [0, 0], [255, 1]]))
    }
}
