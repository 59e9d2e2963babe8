internal import StrictJSON
public import TimeSeries

/// An `EventFilter` made ready to be asked about many lines.
public struct EventMatcher: Sendable {
    private let sessionIDs, sourceApps, types, agentIDs: [[UInt8]]
    private let from, to: Timestamp?
    private let needle: TextNeedle?

    public init(_ filter: EventFilter) {
        sessionIDs = filter.sessionIDs.map { Array($0.utf8) }
        sourceApps = filter.sourceApps.map { Array($0.utf8) }
        types = filter.types.map { Array($0.utf8) }
        agentIDs = filter.agentIDs.map { Array($0.utf8) }
        from = filter.from
        to = filter.to
        needle = filter.text.map(TextNeedle.init)
    }

    public func matches(_ line: Span<UInt8>, _ envelope: EventEnvelope) -> Bool {
        if let from, envelope.timestamp < from { return false }
        if let to, envelope.timestamp >= to { return false }
        guard Self.token(envelope.type, of: line, isAnyOf: types),
            Self.token(envelope.sourceApp, of: line, isAnyOf: sourceApps),
            Self.token(envelope.sessionID, of: line, isAnyOf: sessionIDs),
            Self.token(envelope.agentID, of: line, isAnyOf: agentIDs)
        else { return false }
        return needle?.isFound(in: line) ?? true
    }

    private static func token(
        _ token: Range<Int>?, of line: Span<UInt8>, isAnyOf wanted: [[UInt8]]
    ) -> Bool {
        if wanted.isEmpty { return true }
        guard let token else { return false }
        if wanted.contains(where: { spells(line, token, $0) }) { return true }
        var decoded: [UInt8] = []
        JSONString.decode(token, in: line, appendingTo: &decoded)
        return wanted.contains(decoded)
    }

    /// Whether the token has exactly these bytes between its quotes (and so no escape that differs).
    private static func spells(_ line: Span<UInt8>, _ token: Range<Int>, _ wanted: [UInt8]) -> Bool
    {
        guard token.count == wanted.count + 2 else { return false }
        for index in wanted.indices where line[token.lowerBound + 1 + index] != wanted[index] {
            return false
        }
        return !wanted.contains(UInt8(ascii: "\\"))
    }
}

/// A text to be found in decoded strings; ASCII letters match in either case.
struct TextNeedle: Sendable {
    private let folded: [UInt8]

    init(_ text: String) {
        folded = text.utf8.map(Self.fold)
    }

    func isFound(in line: Span<UInt8>) -> Bool {
        if folded.isEmpty { return true }
        var walker = JSONStringWalker(0..<line.count)
        var decoded: [UInt8] = []
        while let token = walker.next(in: line) {
            if token.isKey { continue }
            if token.hasEscape {
                decoded.removeAll(keepingCapacity: true)
                JSONString.decode(token.range, in: line, appendingTo: &decoded)
                if isFound(in: decoded.span, 0..<decoded.count) { return true }
            } else if isFound(in: line, token.range.dropFirst().dropLast()) {
                return true
            }
        }
        return false
    }

    private func isFound(in bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count >= folded.count else { return false }
        for start in range.lowerBound...(range.upperBound - folded.count)
        where Self.fold(bytes[start]) == folded[0] {
            if matches(at: start, of: bytes) { return true }
        }
        return false
    }

    private func matches(at start: Int, of bytes: Span<UInt8>) -> Bool {
        for index in folded.indices where Self.fold(bytes[start + index]) != folded[index] {
            return false
        }
        return true
    }

    @inline(__always)
    private static func fold(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }
}
