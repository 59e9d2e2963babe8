/// What tools are given and what they give back.
extension Agent {
    private static let commands: [StaticString] = [
        "npm run build", "swift test --parallel", "git status --short",
        "rg -n 'import NIO' Sources",
        "ls -la", "python3 -m pytest -q tests", "cargo check", "docker compose ps",
        "git diff --stat HEAD~1", "make -j2",
    ]

    func renderInput(of tool: Tool) {
        chapter.text.text(#","tool_name":""#)
        chapter.text.text(tool.name)
        chapter.text.text(#"","tool_input":{"#)
        switch tool {
        case .bash: renderCommand()
        case .agent: renderTask()
        default: renderPath()
        }
        chapter.text.byte("}")
    }

    private func renderCommand() {
        chapter.text.text(#""command":""#)
        chapter.text.text(Agent.commands[random.below(Agent.commands.count)])
        chapter.text.text(#"","description":"run it""#)
    }

    private func renderTask() {
        prose(#""prompt":""#, median: 300)
        chapter.text.text(#","description":"look into it","subagent_type":"Explore""#)
    }

    private func renderPath() {
        chapter.text.text(#""file_path":"/home/dev/src/"#)
        chapter.text.text(app)
        chapter.text.text("/Sources/")
        chapter.text.text(Prose.word(&random))
        chapter.text.text(#".swift""#)
    }

    func renderOutput(of tool: Tool) {
        if tool == .bash {
            prose(#","tool_response":{"stdout":""#, median: bodyBytes)
            chapter.text.text(#","stderr":"","interrupted":false}"#)
        } else {
            prose(#","tool_response":{"content":""#, median: bodyBytes)
            chapter.text.byte("}")
        }
    }

    func renderFailure() {
        prose(#","error":"Exit code 1\n"#, median: 80)
        chapter.text.text(#","is_interrupt":false"#)
    }

    func renderSubagentSummary() {
        chapter.text.text(#","tool_response":{"status":"completed","agentId":"a"#)
        chapter.text.hex(subagentID, digits: 8)
        chapter.text.text(#"","totalTokens":"#)
        chapter.text.decimal(2000 + random.below(88_000))
        chapter.text.text(#","totalToolUseCount":"#)
        chapter.text.decimal(2 + random.below(10))
        chapter.text.byte("}")
    }

    func renderLastWord() {
        chapter.text.text(#","stop_hook_active":false"#)
        prose(#","last_assistant_message":""#, median: 300)
        chapter.text.text(#","agent_transcript_path":"/home/dev/.claude/projects/"#)
        chapter.text.text(app)
        chapter.text.byte("/")
        chapter.text.text(sessionID)
        chapter.text.text("/subagents/a")
        chapter.text.hex(subagentID, digits: 8)
        chapter.text.text(#".jsonl""#)
    }
}
