internal import StrictJSON

/// Bytes → `DecodedEvent`: one pass that validates everything and copies nothing.
///
/// It keeps its buffers, so use one for many events.
public struct EventDecoder: Sendable {
    public struct Limits: Sendable {
        /// Members at the top of one event. Real hooks have at most a few dozen.
        public var membersMax = 1_024
        /// Levels of arrays and objects of one event. A line has a few more around them, and must stay
        /// within what a cursor reads.
        public var depthMax = 100

        public init() {}
    }

    private let limits: Limits
    var members = TopMembers()

    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Decodes the one event that these bytes are.
    public mutating func decode(
        _ range: Range<Int>, of bytes: Span<UInt8>, into event: inout DecodedEvent
    ) throws(EventFault) {
        event.removeAll()
        members.removeAll()
        var cursor = JSONCursor(range, depthMax: limits.depthMax)
        let isObject: Bool
        do throws(JSONFault) {
            isObject = try scan(&cursor, bytes)
            try cursor.finish(in: bytes)
        } catch {
            throw EventFault(error)
        }
        guard isObject else { throw EventFault(.notAnObject, "an event is a JSON object") }
        event.dialect = members.dialect
        guard members.count <= limits.membersMax else {
            throw EventFault(.tooManyMembers, "more than \(limits.membersMax) members")
        }
        if let repeated = members.repeated {
            throw EventFault(.duplicateKey, field: repeated.name, "given more than once")
        }
        event.needsCompacting = cursor.sawWhitespace
        event.hidesASCII = cursor.sawEscapedASCII
        event.hasEscapes = cursor.escapes > 0
        assign(object: range, to: &event)
    }
}

// MARK: The pass

extension EventDecoder {
    /// - Returns: whether the text is an object.
    private mutating func scan(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONFault) -> Bool {
        try cursor.rejectByteOrderMark(in: bytes)
        guard try cursor.peek(in: bytes) == UInt8(ascii: "{") else {
            try cursor.skipValue(in: bytes)
            return false
        }
        var more = try cursor.enterObject(in: bytes)
        while more {
            try scanMember(&cursor, bytes)
            more = try cursor.anotherMember(in: bytes)
        }
        return true
    }

    private mutating func scanMember(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONFault) {
        let (key, known) = try Self.nextKey(&cursor, bytes)
        let first = try cursor.peek(in: bytes)
        let (start, escapes) = (cursor.position, cursor.escapes)
        if known == .data || known == .payload, first == UInt8(ascii: "{") {
            try scanData(&cursor, bytes, of: known)
        } else {
            try cursor.skipValue(in: bytes, depth: 1)
        }
        let value = start..<cursor.position
        // One more than allowed is enough to know that there are too many.
        guard members.count <= limits.membersMax else { return }
        members.append(known, key, value, hasEscape: cursor.escapes != escapes)
    }

    /// The event's data is an object: two of its members matter to the envelope.
    private mutating func scanData(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>, of data: EventKey?
    ) throws(JSONFault) {
        var more = try cursor.enterObject(in: bytes)
        while more {
            let known = try Self.nextKey(&cursor, bytes).known
            _ = try cursor.peek(in: bytes)
            let (start, escapes) = (cursor.position, cursor.escapes)
            try cursor.skipValue(in: bytes, depth: 2)
            if known == .toolUseID || known == .agentID {
                members.appendNested(
                    known, in: data, start..<cursor.position, hasEscape: cursor.escapes != escapes)
            }
            more = try cursor.anotherMember(in: bytes)
        }
    }

    /// The key that comes next, as a token and as what it says, however it is spelled.
    @inline(__always)
    private static func nextKey(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONFault) -> (token: Range<Int>, known: EventKey?) {
        let escapes = cursor.escapes
        let token = try cursor.nextKey(in: bytes)
        guard cursor.escapes != escapes else {
            return (token, EventKey(bytes, (token.lowerBound + 1)..<(token.upperBound - 1)))
        }
        var decoded: [UInt8] = []
        JSONString.decode(token, in: bytes, appendingTo: &decoded)
        return (token, EventKey(decoded.span, 0..<decoded.count))
    }
}
