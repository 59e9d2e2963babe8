import TestSupport
import TimeSeries

/// Agents at work, and what their hooks send.
struct RandomAgents {
    private let world: RandomLog.World
    private var random: SplitMix64
    private let agents: [RandomAgent]
    private var events = 0
    private var uses = 0

    init(_ world: RandomLog.World, seed: UInt64) {
        self.world = world
        var random = SplitMix64(seed: seed)
        agents = (0..<5).map { _ in RandomAgent(using: &random) }
        self.random = random
    }

    /// Sends an event of no tool.
    mutating func doSomething(_ wire: inout RandomWire) {
        let agent = random.pick(agents)
        send(random.pick(Self.types), agent, at: wire.now, random.pick(Self.data), &wire)
    }

    private static let types = [
        "Stop", "Stop", "SessionStart", "Notification", "Caf\u{e9}", "Cafe\u{301}",
    ]
    private static let data = [
        "{}", "null", #"[1,{"tool_name":"Bash"}]"#, #""{\"a\":-1}""#, "-1.5e3",
    ]

    /// Sends a tool use from its start, maybe with a permission, to its end.
    mutating func useTool(_ wire: inout RandomWire) {
        let agent = random.pick(agents)
        uses += 1
        let use = world == .tidy ? uses : Int.random(in: 0..<9, using: &random)
        let input = world == .tidy ? "\(uses)" : random.pick(RandomCall.inputs)
        let call = RandomCall(tool: random.pick(agent.tools), use: "use \(use)", input: input)
        var time = wire.now
        send("PreToolUse", agent, at: time, call.data(using: &random), &wire)
        if random.isOnce(in: 2) {
            time += Int64.random(in: 0...3_000, using: &random)
            send("PermissionRequest", agent, at: time, call.data(using: &random), &wire)
        }
        time += Int64.random(in: 0...random.pick([300, 9_000, 200_000]), using: &random)
        let duration = random.isOnce(in: 2) ? nil : RandomCall.duration(using: &random)
        let data = call.data(duration: duration, using: &random)
        send(random.pick(Self.ends), agent, at: time, data, &wire)
    }

    private static let ends = [
        "PostToolUse", "PostToolUse", "PostToolUseFailure", "PermissionDenied",
    ]

    private mutating func send(
        _ type: String, _ agent: RandomAgent, at moment: Int64, _ data: String,
        _ wire: inout RandomWire
    ) {
        events += 1
        let time = Timestamp(milliseconds: moment + agent.skew)
        var head = ",\"event_id\":\"e\(events)\",\"type\":"
        head += RandomText.token(type, using: &random)
        head += ",\"source_app\":" + RandomText.token(agent.app, using: &random)
        head += ",\"session_id\":" + RandomText.token(agent.session, using: &random)
        if let name = agent.name {
            head += ",\"agent_id\":" + RandomText.token(name, using: &random)
        }
        head += ",\"timestamp\":\"\(time)\""
        let isDamaged = world == .wild && random.isOnce(in: 40)
        let tail = ",\"enrichment_version\":\"1.0.0\",\"data\":\(isDamaged ? "[]" : data)}"
        for _ in 0..<copies() { wire.send(head, at: time.milliseconds, tail, from: moment) }
    }

    /// What is sent twice and was forgotten meanwhile is another event.
    private mutating func copies() -> Int {
        if random.isOnce(in: 12) { return 0 }
        return world == .wild && random.isOnce(in: 9) ? random.pick([2, 2, 3]) : 1
    }
}

private struct RandomAgent {
    let app, session: String
    let name: String?
    let tools: [String]
    /// How far its clock is ahead.
    let skew: Int64

    init(using random: inout SplitMix64) {
        app = random.pick(["web", "a\u{e7}\u{e3}o", "say \"hi\"\\\n", "\u{1F600}/\u{7}\u{0}"])
        session = random.pick(["s1", "s\u{e9}"])
        name = random.pick([nil, nil, "", "a1"])
        // Two of them look the same, one is cut, and one says nothing.
        let long = String(repeating: "\u{20ac}", count: 90)
        let all = ["Bash", "Edit", "mcp__\u{e9}", "mcp__e\u{301}", long, ""]
        tools = Array(all.shuffled(using: &random).prefix(3))
        skew = random.pick([0, 0, 0, -4_321, 5_000, -259_200_000, Self.since1970, Self.since0])
    }

    /// The clock of a machine that has none, and the earliest one.
    private static let since1970 = -RandomWire.start - 900_000
    private static let since0 =
        Timestamp.representable.lowerBound.milliseconds - RandomWire.start
}

/// What the hooks of one tool use say of it.
private struct RandomCall {
    let tool, use: String
    /// Always with the same bytes; nil where there is none.
    let input: String?

    static let inputs = [
        #"{"command":"ls -l","n":1.50}"#, #"{"a":[null,"\u00e9"]}"#, "null", "7", nil,
    ]

    static func duration(using random: inout SplitMix64) -> String {
        random.isOnce(in: 12)
            ? random.pick(["null", "\"12\"", "true", "{\"ms\":1}"])
            : RandomNumber.token(using: &random)
    }

    func data(duration: String? = nil, using random: inout SplitMix64) -> String {
        let nameless: [String?] = ["\"\"", "null", "3", nil]
        let name = tool.isEmpty ? random.pick(nameless) : spelled(tool, &random)
        let members = [
            ("cwd", "\"/src\""), ("tool_response", #"{"tool_name":"Nested","n":[-1.5e3]}"#),
            ("tool_name", name), ("tool_use_id", spelled(use, &random)), ("tool_input", input),
            ("duration_ms", duration),
        ]
        let texts = members.shuffled(using: &random).compactMap { key, value in
            value.map { spelled(key, &random) + ":" + $0 }
        }
        return "{\(texts.joined(separator: ","))}"
    }

    private func spelled(_ text: String, _ random: inout SplitMix64) -> String {
        RandomText.token(text, using: &random)
    }
}
