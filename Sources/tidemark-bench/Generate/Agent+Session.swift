/// What frames an agent's work: the session, the prompt, the waits for a human, the last word.
extension Agent {
    func planSessionStart() {
        newSession()
        let wait = random.exponential(mean: 3000)
        plan(.sessionStart, after: wait) {
            $0.chapter.text.text(#","source":"startup","model":""#)
            $0.chapter.text.text($0.model)
            $0.chapter.text.byte("\"")
        }
    }

    func planSessionEnd() {
        plan(.sessionEnd, after: 400) {
            $0.chapter.text.text(#","reason":"prompt_input_exit""#)
        }
    }

    func planPrompt() {
        renderCommonFields(promptID: random.bits(60))
        let wait = random.exponential(mean: 8000)
        plan(.userPromptSubmit, after: wait) { $0.prose(#","prompt":""#, median: 120) }
    }

    func planStop() {
        if random.happens(0.15) {
            planNotification(
                #","message":"Claude is waiting for your input","notification_type":"idle_prompt""#)
        }
        let wait = random.exponential(mean: 1500)
        plan(.stop, after: wait) {
            $0.chapter.text.text(#","stop_hook_active":false"#)
            $0.prose(#","last_assistant_message":""#, median: 200)
            $0.chapter.text.text(#","background_tasks":[]"#)
        }
    }

    /// An agent that waits says so only after 6 seconds.
    func planNotification(_ fields: StaticString) {
        plan(.notification, after: 6000) { $0.chapter.text.text(fields) }
    }

    /// Adds a step whose fields are what `render` appends to the chapter's text.
    func plan(_ event: HookEvent, after wait: Double, _ render: (Agent) -> Void) {
        let start = chapter.text.count
        render(self)
        let fields = start..<chapter.text.count
        chapter.add(Step(waitMilliseconds: wait, event: event, fields: fields))
    }

    /// A JSON string of about `median` bytes, after `key`.
    func prose(_ key: StaticString, median: Double) {
        let median = isShort ? min(median, 60) : median
        let size = Int(random.logNormal(median: median, sigma: 1.1))
        chapter.text.text(key)
        Prose.write(size: size, into: &chapter.text, &random)
        chapter.text.byte("\"")
    }

    private func newSession() {
        sessionID.clear()
        if let sessions {
            var pool = Xoshiro256(seed: UInt64(random.below(sessions)))
            sessionID.uuid(version: 4, high: pool.next(), low: pool.next())
        } else {
            sessionID.uuid(version: 4, high: random.next(), low: random.next())
        }
        model = Agent.models[random.below(Agent.models.count)]
        renderCommonFields(promptID: nil)
    }

    private func renderCommonFields(promptID: UInt64?) {
        commonFields.clear()
        if let promptID {
            commonFields.text(#""prompt_id":"prm_"#)
            commonFields.hex(promptID, digits: 15)
            commonFields.text(#"","#)
        }
        if !isShort { renderTranscriptPath() }
        commonFields.text(#""cwd":"/home/dev/src/"#)
        commonFields.text(app)
        commonFields.text(isShort ? #"""# : #"","permission_mode":"default""#)
    }

    private func renderTranscriptPath() {
        commonFields.text(#""transcript_path":"/home/dev/.claude/projects/"#)
        commonFields.text(app)
        commonFields.byte("/")
        commonFields.text(sessionID)
        commonFields.text(#".jsonl","#)
    }
}

extension ByteWriter {
    /// A UUID of RFC 9562 from 122 of the bits given: version and variant are set over theirs.
    mutating func uuid(version: UInt64, high: UInt64, low: UInt64) {
        hex(high >> 32, digits: 8)
        byte("-")
        hex(high >> 16, digits: 4)
        byte("-")
        hex(version << 12 | high & 0xFFF, digits: 4)
        byte("-")
        hex(0x8000 | low >> 48 & 0x3FFF, digits: 4)
        byte("-")
        hex(low, digits: 12)
    }
}
