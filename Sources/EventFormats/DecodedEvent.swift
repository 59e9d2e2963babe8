/// The languages in which events come.
public enum Dialect: Sendable {
    /// `type`, `data`, …: Tidemark's own.
    case native
    /// `hook_event_type`, `payload`, …: what the reference system's hooks send.
    case reference
    /// `hook_event_name`, …: a hook's standard input, as an agent writes it.
    case raw
}

/// Where an event's values stand in the bytes it came in; every range is a whole token or value.
public struct DecodedEvent: Sendable {
    /// A member at the top of the object: its key's token and its value.
    public struct Member: Sendable {
        public let key: Range<Int>
        public let value: Range<Int>

        public init(key: Range<Int>, value: Range<Int>) {
            self.key = key
            self.value = value
        }
    }

    /// A value, and whether a string in it has an escape: else its bytes are what it says.
    public struct Value: Sendable {
        public let range: Range<Int>
        public let hasEscape: Bool
    }

    /// Nil until it is known that the event is an object.
    public internal(set) var dialect: Dialect?
    public internal(set) var eventID, type, sourceApp, sessionID, agentID: Value?
    public internal(set) var timestamp: Range<Int>?
    public internal(set) var data: Range<Int>?
    public internal(set) var metadata: Range<Int>?
    /// The folder that an agent works in: its last part names the app where nothing else does.
    public internal(set) var cwd: Range<Int>?
    public internal(set) var toolUseID: Range<Int>?
    /// Keys of the line that this sender may not set, such as the `id` of a re-posted export.
    public internal(set) var sender: [Member] = []
    /// All other members, in their order.
    public internal(set) var others: [Member] = []
    /// There is white space between tokens.
    public internal(set) var needsCompacting = false
    /// Some string has an escape.
    public internal(set) var hasEscapes = false
    /// A string spells ASCII by `\u`: its bytes do not show what it says.
    public internal(set) var hidesASCII = false

    public init() {}

    mutating func removeAll() {
        dialect = nil
        (eventID, type, sourceApp, sessionID, agentID) = (nil, nil, nil, nil, nil)
        (timestamp, data, metadata, cwd, toolUseID) = (nil, nil, nil, nil, nil)
        sender.removeAll(keepingCapacity: true)
        others.removeAll(keepingCapacity: true)
        (needsCompacting, hasEscapes, hidesASCII) = (false, false, false)
    }

    /// What the dialect calls the event's type.
    public var typeKey: EventKey {
        switch dialect {
        case .native, nil: .type
        case .reference: .hookEventType
        case .raw: .hookEventName
        }
    }

    /// What the dialect calls the event's data.
    public var dataKey: EventKey { dialect == .reference ? .payload : .data }
}
