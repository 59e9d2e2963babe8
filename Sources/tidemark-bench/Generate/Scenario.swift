/// Everything that decides which bytes come out: two runs of an equal scenario are equal.
struct Scenario: Sendable {
    var seed: UInt64
    var count: Int
    var dialect: Dialect = .native
    var agents: Int = 50
    /// Nil: each session is a new one.
    var sessions: Int?
    var startMilliseconds: Double
    /// 0: the agents' own pace, about one event in two seconds each.
    var eventsPerSecond: Double = 0
    var lateShare: Double = 0
    var duplicateShare: Double = 0
    var bodyBytes: Double = 160
    var isShort: Bool = false

    /// Moves the start so that the last event happens at `end`. When that would be is only known
    /// after the agents have lived once, so this is a dry run over the same seed.
    mutating func shift(lastEventTo end: Moment) {
        startMilliseconds = Double(end.milliseconds) - durationMilliseconds()
    }

    private func durationMilliseconds() -> Double {
        if eventsPerSecond > 0 { return Double(count) * 1000 / eventsPerSecond }
        var random = Xoshiro256(seed: seed)
        var fleet = Fleet(self, &random)
        var last = 0.0
        for _ in 0..<count { last = fleet.next().milliseconds }
        return last
    }
}
