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
        self.init(id: id, random.pick(Self.types), ToolUse(&random), padBytes: size, &random)
    }

    init(id: String, padBytes: Int = 0) {
        self.id = id
        json = Self.json(id: id, "PreToolUse", "", padBytes: padBytes, "")
    }

    private init(
        id: String, _ type: String, _ use: ToolUse, padBytes: Int, _ random: inout SplitMix64
    ) {
        self.id = id
        // Some tell their time, and are late.
        let time = random.isOnce(in: 4) ? "\"timestamp\":\(SampleTime.random(&random))," : ""
        json = Self.json(id: id, type, time, padBytes: padBytes, use.members)
    }

    /// Those of which halves are joined, and one that is only counted.
    private static let types = [
        "PreToolUse", "PermissionRequest", "PostToolUse", "PostToolUseFailure", "Stop",
    ]

    private static func json(
        id: String, _ type: String, _ time: String, padBytes: Int, _ members: String
    ) -> String {
        let pad = String(repeating: "p", count: padBytes)
        return "{\"event_id\":\"\(id)\",\"type\":\"\(type)\",\"source_app\":\"crash\","
            + "\"session_id\":\"s1\",\(time)\"data\":{\(members)\"pad\":\"\(pad)\",\"of\":\"\(id)\"}}"
    }
}

/// One of few tool uses, of which several events tell: the folds join them, again and again.
private struct ToolUse {
    let members: String

    init(_ random: inout SplitMix64) {
        let use = Int.random(in: 0..<60, using: &random)
        let duration =
            random.isOnce(in: 3) ? "\"duration_ms\":\(random.next() % 5_000)," : ""
        members =
            "\"tool_name\":\"T\(use % 4)\",\"tool_use_id\":\"u\(use)\","
            + "\"tool_input\":{\"n\":\(use)},\(duration)"
    }
}
