import TestSupport

/// An event that a client sends under an id of its own.
struct SentEvent: Sendable {
    let id: String
    /// One line of JSON, without its line end.
    let json: String

    /// Most are small; some span many blocks of the disk.
    init(id: String, _ random: inout SplitMix64) {
        let size =
            random.isOnce(in: 25)
            ? Int.random(in: 4_000...60_000, using: &random)
            : Int.random(in: 0...900, using: &random)
        let type = random.pick(["PreToolUse", "PostToolUse", "PostToolUseFailure", "Stop"])
        // So few tool uses that halves find one another, over restarts too.
        let use = Int.random(in: 0..<200, using: &random)
        let more = random.isOnce(in: 5) ? ",\"duration_ms\":\(use * 7 + 1)" : ""
        self.init(
            id: id, type: type, padBytes: size,
            more: ",\"tool_name\":\"T\(use % 3)\",\"tool_use_id\":\"u\(use)\"" + more)
    }

    init(id: String, type: String = "PreToolUse", padBytes: Int = 0, more: String = "") {
        self.id = id
        let pad = String(repeating: "p", count: padBytes)
        json =
            "{\"event_id\":\"\(id)\",\"type\":\"\(type)\",\"source_app\":\"crash\","
            + "\"session_id\":\"s1\",\"data\":{\"pad\":\"\(pad)\",\"of\":\"\(id)\"\(more)}}"
    }
}
