/// One call of a tool, from the wish to the result: asked for, perhaps waiting for a human,
/// perhaps done by a subagent with calls of its own, and failing one time in twenty.
extension Agent {
    func planToolCall() {
        let use = ToolUse(Tool.pick(&random), &random)
        if use.tool == .agent { planSubagentCall(use) } else { planPlainCall(use, inside: false) }
    }

    private func planPlainCall(_ use: ToolUse, inside: Bool) {
        let call = planRequest(use, inside: inside)
        if use.tool == .bash, random.happens(0.06) { planPermission(call) }
        let median = use.tool.medianMilliseconds
        let duration = max(1, Int(random.logNormal(median: median, sigma: 0.9)))
        planResult(call, duration: duration) { $0.renderOutput(of: use.tool) }
    }

    private func planSubagentCall(_ use: ToolUse) {
        let call = planRequest(use, inside: false)
        subagentID = random.bits(32)
        plan(.subagentStart, after: 30, inside: true) { _ in }
        let calls = 2 + Int(random.exponential(mean: 4))
        for _ in 0..<calls { planCallInSubagent() }
        plan(.subagentStop, after: 500, inside: true) { $0.renderLastWord() }
        planResult(call, duration: nil) { $0.renderSubagentSummary() }
    }

    /// A subagent starts no subagents: it reads instead.
    private func planCallInSubagent() {
        let tool = Tool.pick(&random)
        planPlainCall(ToolUse(tool == .agent ? .read : tool, &random), inside: true)
    }
}

/// A tool call under way: its first event's fields are repeated in the later ones.
private struct Call {
    let use: ToolUse
    let isInSubagent: Bool
    /// Tool name and input.
    let input: Range<Int>
    /// Tool name, input and id.
    let fields: Range<Int>
}

extension Agent {
    private func planRequest(_ use: ToolUse, inside: Bool) -> Call {
        let wait = random.exponential(mean: 2200)
        let start = chapter.text.count
        renderInput(of: use.tool)
        let input = start..<chapter.text.count
        chapter.text.text(#","tool_use_id":""#)
        chapter.text.toolUseID(use)
        chapter.text.byte("\"")
        let fields = start..<chapter.text.count
        let call = Call(use: use, isInSubagent: inside, input: input, fields: fields)
        add(.preToolUse, after: wait, call, fields)
        return call
    }

    /// Who has to be asked is told about it at once, and reminded after 6 seconds.
    private func planPermission(_ call: Call) {
        let asked = Step(
            waitMilliseconds: 40, event: .permissionRequest, fields: call.input,
            tool: call.use.tool, isInSubagent: call.isInSubagent)
        chapter.add(asked)
        var wait = random.exponential(mean: 25_000)
        if wait > 6000 {
            plan(.notification, after: 6000, inside: call.isInSubagent) {
                $0.chapter.text.text(#","message":"Claude needs your permission to use Bash""#)
                $0.chapter.text.text(#","notification_type":"permission_prompt""#)
            }
            wait -= 6000
        }
        chapter.add(Step(waitMilliseconds: wait, event: nil, fields: 0..<0))
    }

    private func planResult(_ call: Call, duration: Int?, _ output: (Agent) -> Void) {
        let start = chapter.text.count
        chapter.text.again(call.fields)
        if let duration {
            chapter.text.text(#","duration_ms":"#)
            chapter.text.decimal(duration)
        }
        let hasFailed = random.happens(0.05)
        let result = chapter.text.count
        if hasFailed { renderFailure() } else { output(self) }
        let end = chapter.text.count
        add(
            hasFailed ? .postToolUseFailure : .postToolUse, after: Double(duration ?? 5), call,
            start..<end, failureBytes: hasFailed ? end - result : 0)
    }

    private func add(
        _ event: HookEvent, after wait: Double, _ call: Call, _ fields: Range<Int>,
        failureBytes: Int = 0
    ) {
        chapter.add(
            Step(
                waitMilliseconds: wait, event: event, fields: fields, failureBytes: failureBytes,
                tool: call.use.tool, toolUse: call.use, isInSubagent: call.isInSubagent))
    }

    private func plan(
        _ event: HookEvent, after wait: Double, inside: Bool, _ render: (Agent) -> Void
    ) {
        let start = chapter.text.count
        render(self)
        chapter.add(
            Step(
                waitMilliseconds: wait, event: event, fields: start..<chapter.text.count,
                isInSubagent: inside))
    }
}
