/// The members at the top of one event: known keys in a slot each, all others in their order.
struct TopMembers: Sendable {
    private struct Slot: Sendable {
        var key = 0..<0
        var value = 0..<0
        var hasEscape = false
    }

    private var slots = InlineArray<17, Slot>(repeating: Slot())
    private var keys = EventKeySet()
    /// Members that no dialect needs in a slot, and those that only some do.
    private(set) var loose: [DecodedEvent.Member] = []
    private(set) var count = 0
    /// A key that came twice, though only one can be meant.
    private(set) var repeated: EventKey?
    /// Of the members of `data`, and of `payload`.
    private(set) var ofData = NestedMembers()
    private(set) var ofPayload = NestedMembers()

    mutating func removeAll() {
        keys = EventKeySet()
        loose.removeAll(keepingCapacity: true)
        count = 0
        repeated = nil
        (ofData, ofPayload) = (NestedMembers(), NestedMembers())
    }

    mutating func append(
        _ known: EventKey?, _ key: Range<Int>, _ value: Range<Int>, hasEscape: Bool
    ) {
        count += 1
        guard let known else {
            loose.append(DecodedEvent.Member(key: key, value: value))
            return
        }
        if !keys.insert(known), known.isUniqueInEvent { repeated = repeated ?? known }
        if known.isOrdinaryInSomeDialect {
            loose.append(DecodedEvent.Member(key: key, value: value))
        }
        slots[Int(known.rawValue)] = Slot(key: key, value: value, hasEscape: hasEscape)
    }

    mutating func appendNested(
        _ known: EventKey?, in data: EventKey?, _ value: Range<Int>, hasEscape: Bool
    ) {
        let value = DecodedEvent.Value(range: value, hasEscape: hasEscape)
        if data == .payload { ofPayload.set(known, value) } else { ofData.set(known, value) }
    }

    func contains(_ key: EventKey) -> Bool { keys.contains(key) }

    func value(_ key: EventKey) -> DecodedEvent.Value? {
        guard keys.contains(key) else { return nil }
        let slot = slots[Int(key.rawValue)]
        return DecodedEvent.Value(range: slot.value, hasEscape: slot.hasEscape)
    }

    func range(_ key: EventKey) -> Range<Int>? {
        keys.contains(key) ? slots[Int(key.rawValue)].value : nil
    }

    func member(_ key: EventKey) -> DecodedEvent.Member? {
        guard keys.contains(key) else { return nil }
        let slot = slots[Int(key.rawValue)]
        return DecodedEvent.Member(key: slot.key, value: slot.value)
    }

    /// Told by the keys alone.
    var dialect: Dialect {
        if contains(.hookEventType) || contains(.payload) { return .reference }
        return contains(.hookEventName) && !contains(.type) ? .raw : .native
    }
}

/// The members of an event's data that matter to its envelope.
struct NestedMembers: Sendable {
    private(set) var toolUseID: Range<Int>?
    private(set) var agentID: DecodedEvent.Value?

    mutating func set(_ known: EventKey?, _ value: DecodedEvent.Value) {
        if known == .toolUseID { toolUseID = value.range }
        if known == .agentID { agentID = value }
    }
}

extension EventKey {
    /// A second one would leave open which is meant. (A hook's own input may repeat what it likes.)
    fileprivate var isUniqueInEvent: Bool { self != .cwd && self != .toolUseID }

    /// Read from raw hook input, any key like others elsewhere.
    fileprivate var isOrdinaryInSomeDialect: Bool {
        self == .cwd || self == .toolUseID || self == .hookEventName
    }
}
