/// A stored line from its parts; each is JSON as it stands in the line.
struct SampleLine {
    var id: UInt64 = 1042
    var type = #""PreToolUse""#
    var sourceApp = #""web""#
    var sessionID = #""s1""#
    var agentID: String?
    /// Milliseconds after 2025-01-31T10:30:00Z, less than a minute.
    var millisecond = 0
    var processingTime = "3"
    var data = #"{"tool_name":"Bash"}"#

    var text: String {
        let seconds = String(millisecond / 1_000)
        let milliseconds = String(millisecond % 1_000)
        let second = String(repeating: "0", count: 2 - seconds.count) + seconds
        let fraction = String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
        return "{\"id\":\(id),\"event_id\":\"e\(id)\",\"type\":\(type),\"source_app\":\(sourceApp)"
            + ",\"session_id\":\(sessionID)" + (agentID.map { ",\"agent_id\":\($0)" } ?? "")
            + ",\"timestamp\":\"2025-01-31T10:30:\(second).\(fraction)Z\""
            + ",\"server_timestamp\":\"2025-01-31T10:31:00.000Z\""
            + ",\"processing_time_ms\":\(processingTime),\"enrichment_version\":\"1.0.0\""
            + ",\"data\":\(data)}\n"
    }

    /// The event time of `millisecond` 0.
    static let start: Int64 = 1_738_319_400_000
}

extension SampleLine {
    /// A tool's event as an agent's hook sends it.
    static func tool(
        _ type: String, id: UInt64 = 1042, at millisecond: Int = 0, tool: String = "Bash",
        use: String? = "u1", input: String = #"{"command":"ls -l"}"#, duration: String? = nil
    ) -> SampleLine {
        var members = [#""cwd":"/src""#, #""tool_name":"\#(tool)""#, #""tool_input":\#(input)"#]
        if let use { members.append(#""tool_use_id":"\#(use)""#) }
        if let duration { members.append(#""duration_ms":\#(duration)"#) }
        if type.hasPrefix("Post") { members.append(#""tool_response":{"stdout":"a\nb"}"#) }
        return SampleLine(
            id: id, type: "\"\(type)\"", millisecond: millisecond,
            data: "{\(members.joined(separator: ","))}")
    }
}
