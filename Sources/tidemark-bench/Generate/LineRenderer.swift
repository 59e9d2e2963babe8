/// Renders an event in one of the dialects. All three are made of the same parts; a dialect is
/// only which of them stand where.
struct LineRenderer {
    private let dialect: Dialect
    private var random: Xoshiro256
    /// Reused for each line.
    private var data = ByteWriter(capacity: 1 << 12)

    init(_ dialect: Dialect, random: Xoshiro256) {
        self.dialect = dialect
        self.random = random
    }

    mutating func render(
        _ happening: Fleet.Happening, at milliseconds: Int64, into out: inout ByteWriter
    ) {
        switch dialect.pick(&random) {
        case .reference: renderReference(happening, milliseconds, &out)
        case .raw: renderHookInput(happening, &out)
        case .native, .mixed, .columns: renderNative(happening, milliseconds, &out)
        }
        out.byte("\n")
    }

    private mutating func renderNative(
        _ happening: Fleet.Happening, _ milliseconds: Int64, _ out: inout ByteWriter
    ) {
        let agent = happening.agent
        out.text(#"{"event_id":""#)
        out.uuid(
            version: 7, high: UInt64(bitPattern: milliseconds) << 16 | random.bits(12),
            low: random.next())
        out.text(#"","type":""#)
        out.text(happening.event.name)
        out.text(#"","timestamp":"#)
        renderTime(milliseconds, &out)
        out.text(#","session_id":""#)
        out.text(agent.sessionID)
        out.text(#"","source_app":""#)
        out.text(agent.app)
        out.byte("\"")
        if happening.step.isInSubagent { renderAgentID(agent, &out) }
        out.text(#","data":"#)
        renderData(happening, &out)
        out.byte("}")
    }

    private func renderTime(_ milliseconds: Int64, _ out: inout ByteWriter) {
        if dialect == .columns { return out.decimal(Int(milliseconds)) }
        out.byte("\"")
        out.timestamp(milliseconds)
        out.byte("\"")
    }

    private mutating func renderData(_ happening: Fleet.Happening, _ out: inout ByteWriter) {
        guard dialect == .columns else { return renderDataObject(happening, &out) }
        data.clear()
        renderDataObject(happening, &data)
        out.byte("\"")
        out.escaped(data)
        out.byte("\"")
    }

    private func renderDataObject(_ happening: Fleet.Happening, _ out: inout ByteWriter) {
        out.byte("{")
        out.text(happening.agent.commonFields)
        if happening.step.isInSubagent { renderAgentType(&out) }
        out.text(happening.step.fields, of: happening.agent.chapter.text)
        out.byte("}")
    }

    private func renderReference(
        _ happening: Fleet.Happening, _ milliseconds: Int64, _ out: inout ByteWriter
    ) {
        let agent = happening.agent
        out.text(#"{"source_app":""#)
        out.text(agent.app)
        out.text(#"","session_id":""#)
        out.text(agent.sessionID)
        out.text(#"","hook_event_type":""#)
        out.text(happening.event.name)
        out.text(#"","payload":"#)
        renderHookInput(happening, &out)
        out.text(#","timestamp":"#)
        out.decimal(Int(milliseconds))
        out.text(#","model_name":""#)
        out.text(agent.model)
        out.byte("\"")
        renderCopies(of: happening, &out)
        out.byte("}")
    }

    private func renderHookInput(_ happening: Fleet.Happening, _ out: inout ByteWriter) {
        let agent = happening.agent
        out.text(#"{"session_id":""#)
        out.text(agent.sessionID)
        out.text(#"","#)
        out.text(agent.commonFields)
        out.text(#","hook_event_name":""#)
        out.text(happening.event.name)
        out.byte("\"")
        if happening.step.isInSubagent {
            renderAgentID(agent, &out)
            renderAgentType(&out)
        }
        out.text(happening.step.fields, of: agent.chapter.text)
        out.byte("}")
    }

    /// The reference's hooks repeat some of the payload's keys beside it.
    private func renderCopies(of happening: Fleet.Happening, _ out: inout ByteWriter) {
        let step = happening.step
        if let tool = step.tool {
            out.text(#","tool_name":""#)
            out.text(tool.name)
            out.byte("\"")
        }
        if let use = step.toolUse {
            out.text(#","tool_use_id":""#)
            out.toolUseID(use)
            out.byte("\"")
        }
        if step.isInSubagent {
            renderAgentID(happening.agent, &out)
            renderAgentType(&out)
        }
        let failure = step.fields.suffix(step.failureBytes)
        out.text(failure, of: happening.agent.chapter.text)
    }

    private func renderAgentID(_ agent: Agent, _ out: inout ByteWriter) {
        out.text(#","agent_id":"a"#)
        out.hex(agent.subagentID, digits: 8)
        out.byte("\"")
    }

    private func renderAgentType(_ out: inout ByteWriter) {
        out.text(#","agent_type":"Explore""#)
    }
}
