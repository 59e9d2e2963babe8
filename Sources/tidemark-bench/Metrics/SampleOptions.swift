import ArgumentParser

/// Which samples are made.
struct SampleOptions: ParsableArguments {
    @Option(help: "Another number gives other values.")
    var seed: UInt64 = 1

    @Option(help: "Each has 20 series.")
    var hosts = SampleScenario.hostsStandard

    @Option(
        help: ArgumentHelp(
            "When the last sample is taken, an hour after the first: RFC 3339 or now (default: "
                + "now)."))
    var end: Moment?

    func validate() throws {
        guard (1...1_000).contains(hosts) else { throw ValidationError("--hosts: 1 to 1,000.") }
    }

    func scenario(count: Int) -> SampleScenario {
        SampleScenario(seed: seed, count: count, hosts: hosts, end: end ?? .now())
    }
}
