/// One agent at its work: sessions of turns of tool calls, one after the other, without end.
///
/// A class, since it has an identity: the fleet moves among its agents an event at a time, and
/// an agent is too large to be copied for that.
final class Agent {
    /// Where the agent stands between two chapters.
    private enum Phase {
        case away
        case inSession(turnsLeft: Int)
        case inTurn(toolsLeft: Int, turnsLeft: Int)
    }

    static let apps: [StaticString] = [
        "backend-api", "web-client", "data-pipeline", "infra", "mobile", "docs",
    ]
    static let models: [StaticString] = [
        "claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5",
    ]

    let app: StaticString
    let isShort: Bool
    let bodyBytes: Double
    let sessions: Int?

    // Everything below is read by the line's renderer and changed by the agent alone.

    var random: Xoshiro256
    var chapter = Chapter()
    var sessionID = ByteWriter(capacity: 36)
    var model = Agent.models[0]
    /// The fields of every event of this turn: prompt, paths, permission mode.
    var commonFields = ByteWriter(capacity: 256)
    var subagentID: UInt64 = 0

    /// What happens next, and nil before the agent's life has begun.
    private(set) var step: Step?
    private var phase = Phase.away

    init(number: Int, scenario: Scenario, random: Xoshiro256) {
        app = Agent.apps[number % Agent.apps.count]
        isShort = scenario.isShort
        bodyBytes = scenario.bodyBytes
        sessions = scenario.sessions
        self.random = random
    }

    /// Goes to the next step, and says how long it takes until then.
    func advance() -> Double {
        while true {
            step = chapter.nextStep()
            if let step { return step.waitMilliseconds }
            chapter.clear()
            planChapter()
        }
    }

    private func planChapter() {
        switch phase {
        case .away:
            planSessionStart()
            phase = .inSession(turnsLeft: oneOrMore(mean: 6))
        case .inSession(turnsLeft: 0):
            planSessionEnd()
            phase = .away
        case .inSession(let turns):
            planPrompt()
            phase = .inTurn(toolsLeft: oneOrMore(mean: 9), turnsLeft: turns - 1)
        case .inTurn(toolsLeft: 0, let turns):
            planStop()
            phase = .inSession(turnsLeft: turns)
        case .inTurn(let tools, let turns):
            planToolCall()
            phase = .inTurn(toolsLeft: tools - 1, turnsLeft: turns)
        }
    }

    private func oneOrMore(mean: Double) -> Int {
        1 + Int(random.exponential(mean: mean))
    }
}
