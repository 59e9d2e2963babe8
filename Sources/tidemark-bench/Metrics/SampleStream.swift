/// What the collectors (Telegraf) of a set of hosts send, as Influx line protocol. Round after
/// round each host tells of each measurement:
///
///     disk,host=host-007,region=eu-west,device=vda1 used=52.201953,free=9.5,… 1732500000000000000
///
/// Values are random and have six decimals, as many as Tidemark keeps: a store that keeps them all
/// is not asked for more than one that does not.
struct SampleStream {
    struct Measurement {
        let name: StaticString
        let tag: StaticString
        let fields: [StaticString]
    }

    static let fieldsPerLine = 4

    static let measurements = [
        Measurement(
            name: "cpu", tag: "cpu=cpu-total",
            fields: ["usage_user", "usage_system", "usage_idle", "usage_iowait"]),
        Measurement(
            name: "mem", tag: "zone=normal",
            fields: ["used_percent", "available_percent", "cached_percent", "swap_percent"]),
        Measurement(
            name: "disk", tag: "device=vda1",
            fields: ["used_percent", "inodes_percent", "read_ms", "write_ms"]),
        Measurement(
            name: "net", tag: "interface=eth0",
            fields: ["in_mbit", "out_mbit", "drop_percent", "err_percent"]),
        Measurement(
            name: "system", tag: "kernel=6.1",
            fields: ["load1", "load5", "load15", "n_users"]),
    ]

    private static let regions: [StaticString] = ["eu-west", "us-east", "ap-south"]

    /// The lines' starts, up to the fields: they are the same in each round.
    private let heads: [[UInt8]]
    private let startNanoseconds: Int64
    private let stepNanoseconds: Int64
    private var random: Xoshiro256
    private var line = 0

    init(_ scenario: SampleScenario) {
        heads = (0..<scenario.hosts).flatMap { host in
            Self.measurements.map { Self.head(of: $0, host: host) }
        }
        let rounds = Int64(max(1, scenario.rounds))
        stepNanoseconds = SampleScenario.durationNanoseconds / rounds
        startNanoseconds =
            scenario.end.milliseconds * 1_000_000 - stepNanoseconds * (rounds - 1)
        random = Xoshiro256(seed: scenario.seed)
    }

    private static func head(of measurement: Measurement, host: Int) -> [UInt8] {
        var head = ByteWriter(capacity: 64)
        head.text(measurement.name)
        head.text(",host=host-")
        head.decimal(host, digits: 3)
        head.text(",region=")
        head.text(regions[host % regions.count])
        head.byte(",")
        head.text(measurement.tag)
        head.byte(" ")
        return head.bytes
    }

    mutating func writeLine(into out: inout ByteWriter) {
        let (round, place) = line.quotientAndRemainder(dividingBy: heads.count)
        line += 1
        out.text(heads[place])
        let fields = Self.measurements[place % Self.measurements.count].fields
        for (index, field) in fields.enumerated() {
            if index > 0 { out.byte(",") }
            out.text(field)
            out.byte("=")
            out.decimal(random.below(100))
            out.byte(".")
            out.decimal(random.below(1_000_000), digits: 6)
        }
        out.byte(" ")
        out.decimal(Int(startNanoseconds + Int64(round) * stepNanoseconds))
        out.byte("\n")
    }
}

/// Samples made when they are wanted.
struct FreshSamples: LineSource {
    private var stream: SampleStream
    private var lines = ByteWriter(capacity: 1 << 16)

    init(_ scenario: SampleScenario) {
        stream = SampleStream(scenario)
    }

    mutating func withNext(lines count: Int, _ use: (UnsafeRawBufferPointer, _ lines: Int) -> Void)
    {
        lines.clear()
        for _ in 0..<count { stream.writeLine(into: &lines) }
        lines.bytes.withUnsafeBytes { use($0, count) }
    }
}
