internal import StrictJSON

/// Bytes → `DecodedEvent`: one pass that validates everything and copies nothing.
///
/// It keeps its buffers, so use one for many events.
public struct EventDecoder: Sendable {
    public struct Limits: Sendable {
        /// Members at the top of one event. Real hooks have at most a few dozen.
        public var membersMax = 1_024

        public init() {}
    }

    struct FoundMember {
        let known: EventKey?
        let member: DecodedEvent.Member
    }

    private let limits: Limits
    var members: [FoundMember] = []
    /// Of the data object: these two matter to the envelope.
    var nestedToolUseID: Range<Int>?
    var nestedAgentID: Range<Int>?

    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Decodes the one event that these bytes are.
    public mutating func decode(
        _ range: Range<Int>, of bytes: Span<UInt8>, into event: inout DecodedEvent
    ) throws(EventFault) {
        event.removeAll()
        var cursor = JSONCursor(range)
        let isObject: Bool
        do throws(JSONFault) {
            isObject = try scan(&cursor, bytes)
            try cursor.finish(in: bytes)
        } catch {
            throw EventFault(error)
        }
        guard isObject else { throw EventFault(.notAnObject, "an event is a JSON object") }
        guard members.count <= limits.membersMax else {
            throw EventFault(.tooManyMembers, "more than \(limits.membersMax) members")
        }
        event.needsCompacting = cursor.sawWhitespace
        event.hidesASCII = cursor.sawEscapedASCII
        try assign(object: range, to: &event)
    }
}

// MARK: The pass

extension EventDecoder {
    /// - Returns: whether the text is an object.
    private mutating func scan(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONFault) -> Bool {
        members.removeAll(keepingCapacity: true)
        (nestedToolUseID, nestedAgentID) = (nil, nil)
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
        let key = try cursor.nextKey(in: bytes)
        let known = Self.identify(key, bytes)
        let first = try cursor.peek(in: bytes)
        let start = cursor.position
        if known == .data || known == .payload, first == UInt8(ascii: "{") {
            try scanData(&cursor, bytes)
        } else {
            try cursor.skipValue(in: bytes)
        }
        // One more than allowed is enough to know that there are too many.
        guard members.count <= limits.membersMax else { return }
        let member = DecodedEvent.Member(key: key, value: start..<cursor.position)
        members.append(FoundMember(known: known, member: member))
    }

    /// The event's data is an object: two of its members matter to the envelope.
    private mutating func scanData(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONFault) {
        var more = try cursor.enterObject(in: bytes)
        while more {
            let known = Self.identify(try cursor.nextKey(in: bytes), bytes)
            _ = try cursor.peek(in: bytes)
            let start = cursor.position
            try cursor.skipValue(in: bytes)
            if known == .toolUseID { nestedToolUseID = start..<cursor.position }
            if known == .agentID { nestedAgentID = start..<cursor.position }
            more = try cursor.anotherMember(in: bytes)
        }
    }

    /// The key that a token says, however it is spelled.
    private static func identify(_ token: Range<Int>, _ bytes: Span<UInt8>) -> EventKey? {
        for index in token where bytes[index] == UInt8(ascii: "\\") {
            var decoded: [UInt8] = []
            JSONString.decode(token, in: bytes, appendingTo: &decoded)
            return EventKey(decoded.span, 0..<decoded.count)
        }
        return EventKey(bytes, token.dropFirst().dropLast())
    }
}
