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
        self.init(id: id, padBytes: size)
    }

    init(id: String, padBytes: Int = 0) {
        self.id = id
        let pad = String(repeating: "p", count: padBytes)
        json =
            "{\"event_id\":\"\(id)\",\"type\":\"PreToolUse\",\"source_app\":\"crash\","
            + "\"session_id\":\"s1\",\"data\":{\"pad\":\"\(pad)\",\"of\":\"\(id)\"}}"
    }
}
