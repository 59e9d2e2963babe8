/// One thing that an agent's hook will send, or only a wait.
struct Step {
    var waitMilliseconds: Double
    /// nil: time passes and nothing is sent.
    var event: HookEvent?
    /// The event's own fields, each with a comma before it, in the chapter's text.
    var fields: Range<Int>
    /// How many bytes at the end of `fields` tell of a failure.
    var failureBytes: Int = 0
    var tool: Tool?
    var toolUse: ToolUse?
    var isInSubagent: Bool = false
}

/// The next few steps of an agent's life, rendered in advance. The events of one tool call share
/// their input, and the input is random: it has to be kept from the first to the last of them.
struct Chapter {
    var text = ByteWriter(capacity: 4096)
    private var steps: [Step] = []
    private var played = 0

    mutating func add(_ step: Step) {
        steps.append(step)
    }

    mutating func nextStep() -> Step? {
        guard played < steps.count else { return nil }
        defer { played += 1 }
        return steps[played]
    }

    mutating func clear() {
        text.clear()
        steps.removeAll(keepingCapacity: true)
        played = 0
    }
}
