/// Everything that decides which samples come out: two runs of an equal scenario are equal.
struct SampleScenario: Sendable {
    /// Each is five sets of tags, of four fields: 50 hosts are 1,000 series.
    static let hostsStandard = 50
    /// How far the samples reach back.
    static let durationNanoseconds: Int64 = 3_600_000_000_000

    var seed: UInt64
    var count: Int
    var hosts = hostsStandard
    /// When the last one is taken.
    var end: Moment

    /// Whole lines, the last of which is full.
    var lines: Int { (count + SampleStream.fieldsPerLine - 1) / SampleStream.fieldsPerLine }

    /// Each line is one measurement of one host, and all lines of a round have one time.
    var linesPerRound: Int { hosts * SampleStream.measurements.count }

    var rounds: Int { (lines + linesPerRound - 1) / linesPerRound }
}
