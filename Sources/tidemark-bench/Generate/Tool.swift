/// The tools that agents use, as often and for as long as they do.
enum Tool: Int, CaseIterable {
    case bash, read, edit, grep, write, glob, webFetch, agent, todoWrite

    var name: StaticString {
        switch self {
        case .bash: "Bash"
        case .read: "Read"
        case .edit: "Edit"
        case .grep: "Grep"
        case .write: "Write"
        case .glob: "Glob"
        case .webFetch: "WebFetch"
        case .agent: "Agent"
        case .todoWrite: "TodoWrite"
        }
    }

    var medianMilliseconds: Double {
        switch self {
        case .bash: 900
        case .read: 40
        case .edit: 60
        case .grep: 120
        case .write: 50
        case .glob: 80
        case .webFetch: 2500
        case .agent: 60_000
        case .todoWrite: 10
        }
    }

    static func pick(_ random: inout Xoshiro256) -> Tool {
        switch random.below(100) {
        case ..<38: .bash
        case ..<60: .read
        case ..<74: .edit
        case ..<83: .grep
        case ..<88: .write
        case ..<92: .glob
        case ..<95: .webFetch
        case ..<98: .agent
        default: .todoWrite
        }
    }
}

/// One use of a tool; its id pairs the event before with the event after.
struct ToolUse {
    let tool: Tool
    let idHigh: UInt64
    let idLow: UInt64

    init(_ tool: Tool, _ random: inout Xoshiro256) {
        self.tool = tool
        idHigh = random.bits(48)
        idLow = random.bits(48)
    }
}

extension ByteWriter {
    mutating func toolUseID(_ use: ToolUse) {
        text("toolu_")
        hex(use.idHigh, digits: 12)
        hex(use.idLow, digits: 12)
    }
}
