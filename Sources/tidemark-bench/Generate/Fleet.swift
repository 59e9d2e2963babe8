/// Many agents, and whose turn it is: their events in the order of time.
struct Fleet {
    /// An agent's next step, by time; equal times go by number, so that the order is certain.
    private struct Turn: Comparable {
        let milliseconds: Double
        let agent: Int

        static func < (one: Turn, other: Turn) -> Bool {
            (one.milliseconds, one.agent) < (other.milliseconds, other.agent)
        }
    }

    /// An event that happens now. The agent's texts hold until the fleet goes on.
    struct Happening {
        let milliseconds: Double
        let agent: Agent
        let event: HookEvent
        let step: Step
    }

    private let agents: [Agent]
    private var turns = BinaryHeap<Turn>()

    init(_ scenario: Scenario, _ random: inout Xoshiro256) {
        agents = (0..<scenario.agents).map {
            Agent(number: $0, scenario: scenario, random: Xoshiro256(seed: random.next()))
        }
        for agent in agents.indices {
            turns.insert(Turn(milliseconds: random.unit() * 20_000, agent: agent))
        }
    }

    /// The next event of all; times are milliseconds since the start.
    ///
    /// The agent whose turn it was goes on only now, since its event was read until now.
    mutating func next() -> Happening {
        while true {
            advanceFirst()
            guard let turn = turns.first else { preconditionFailure("BUG: a fleet of nobody") }
            let agent = agents[turn.agent]
            guard let step = agent.step, let event = step.event else { continue }
            return Happening(
                milliseconds: turn.milliseconds, agent: agent, event: event, step: step)
        }
    }

    private mutating func advanceFirst() {
        guard let turn = turns.first else { return }
        let wait = agents[turn.agent].advance()
        turns.replaceFirst(
            with: Turn(milliseconds: turn.milliseconds + wait, agent: turn.agent))
    }
}
