internal import StrictJSON

/// Makes the keys by which halves find each other: hashes of what the line's strings say.
///
///     tool use     source_app · session_id · agent_id · 1 · tool_use_id
///     permission   source_app · session_id · agent_id · 2 · tool_name · tool_input
///
/// The number 0 stands for an agent that is not named, 1 before the id of one that is. An input is hashed
/// as its bytes are stored.
struct JoinKey: Sendable {
    /// Whose tool uses the next keys are about.
    private var owner = StableHasher()
    private var decoded: [UInt8] = []

    mutating func setOwner(
        sourceApp: Range<Int>, sessionID: Range<Int>, agentID: Range<Int>?, _ line: Span<UInt8>
    ) {
        var hasher = StableHasher()
        add(sourceApp, line, to: &hasher)
        add(sessionID, line, to: &hasher)
        hasher.add(agentID == nil ? 0 : 1)
        if let agentID { add(agentID, line, to: &hasher) }
        owner = hasher
    }

    /// - Returns: nil where the line names no tool use.
    mutating func toolUse(_ useID: Range<Int>, _ line: Span<UInt8>) -> StableHash? {
        guard useID.count > 2, line[useID.lowerBound] == UInt8(ascii: "\"") else { return nil }
        var hasher = owner
        hasher.add(1)
        add(useID, line, to: &hasher)
        return hasher.hash
    }

    /// - Returns: nil where the line names no tool.
    mutating func permission(
        tool: Range<Int>, input: Range<Int>, _ line: Span<UInt8>
    ) -> StableHash? {
        guard tool.count > 2, line[tool.lowerBound] == UInt8(ascii: "\"") else { return nil }
        var hasher = owner
        hasher.add(2)
        add(tool, line, to: &hasher)
        hasher.add(line, input)
        return hasher.hash
    }

    private mutating func add(
        _ token: Range<Int>, _ line: Span<UInt8>, to hasher: inout StableHasher
    ) {
        if !line.hasBackslash(in: token) {
            return hasher.add(line, token.lowerBound + 1..<token.upperBound - 1)
        }
        decoded.removeAll(keepingCapacity: true)
        JSONString.decode(token, in: line, appendingTo: &decoded)
        hasher.add(decoded.span, 0..<decoded.count)
    }
}
