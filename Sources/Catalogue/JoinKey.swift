internal import StrictJSON

/// Makes the keys by which halves find each other, of what the line's strings say.
///
///     ┌ length: 4 ┬ text ┐┌ length ┬ text ┐┌ length ┬ text ┐┌ 1 ┬ length ┬ tool_use_id ┐
///     │ source_app       ││ session_id    ││ agent_id      ││ 2 ┬ length ┬ tool_name ┬ hash of tool_input ┐
///     └──────────────────┘└───────────────┘└───────────────┘└───┴──────────────────────┘
///
/// An agent that is not named has the length 0xFFFFFFFF. The hash of an input is taken of its bytes as
/// they are stored.
struct JoinKey: Sendable {
    private var parts: [UInt8] = []
    private var ownerCount = 0

    /// Whose tool uses the next keys are about.
    mutating func setOwner(
        sourceApp: Range<Int>, sessionID: Range<Int>, agentID: Range<Int>?, _ line: Span<UInt8>
    ) {
        parts.removeAll(keepingCapacity: true)
        append(sourceApp, line)
        append(sessionID, line)
        if let agentID {
            append(agentID, line)
        } else {
            for _ in 0..<4 { parts.append(0xFF) }
        }
        ownerCount = parts.count
    }

    /// - Returns: nil where the line names no tool use.
    mutating func toolUse(_ useID: Range<Int>, _ line: Span<UInt8>) -> StableHash? {
        guard useID.count > 2, line[useID.lowerBound] == UInt8(ascii: "\"") else { return nil }
        parts.append(1)
        append(useID, line)
        return hash()
    }

    /// - Returns: nil where the line names no tool.
    mutating func permission(
        tool: Range<Int>, input: Range<Int>, _ line: Span<UInt8>
    ) -> StableHash? {
        guard tool.count > 2, line[tool.lowerBound] == UInt8(ascii: "\"") else { return nil }
        parts.append(2)
        append(tool, line)
        StableHash(line.extracting(input)).append(to: &parts)
        return hash()
    }

    private mutating func hash() -> StableHash {
        let hash = StableHash(parts.span)
        parts.removeSubrange(ownerCount...)
        return hash
    }

    private mutating func append(_ token: Range<Int>, _ line: Span<UInt8>) {
        let start = parts.count
        for _ in 0..<4 { parts.append(0) }
        if line.hasBackslash(in: token) {
            JSONString.decode(token, in: line, appendingTo: &parts)
        } else {
            parts.append(contentsOf: line, token.lowerBound + 1..<token.upperBound - 1)
        }
        let count = UInt32(truncatingIfNeeded: parts.count - start - 4)
        for place in 0..<4 {
            parts[start + place] = UInt8(truncatingIfNeeded: count >> UInt32(8 * place))
        }
    }
}
