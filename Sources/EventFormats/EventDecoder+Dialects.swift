/// Which dialect an event speaks, told by its keys, and what its members mean there.
extension EventDecoder {
    mutating func assign(
        object: Range<Int>, to event: inout DecodedEvent
    ) throws(EventFault) {
        var keys = EventKeySet()
        var repeated: EventKey?
        for found in members {
            guard let known = found.known, !keys.insert(known), known.isUniqueInEvent else {
                continue
            }
            repeated = repeated ?? known
        }
        let dialect = Self.dialect(of: keys)
        event.dialect = dialect
        if let repeated {
            throw EventFault(.duplicateKey, field: repeated.name, "given more than once")
        }
        switch dialect {
        case .native: assignNative(to: &event)
        case .reference: assignReference(to: &event)
        case .raw: assignRaw(object: object, to: &event)
        }
    }

    private static func dialect(of keys: EventKeySet) -> Dialect {
        if keys.contains(.hookEventType) || keys.contains(.payload) { return .reference }
        return keys.contains(.hookEventName) && !keys.contains(.type) ? .raw : .native
    }

    private func assignNative(to event: inout DecodedEvent) {
        event.toolUseID = nestedToolUseID
        for found in members {
            let member = found.member
            switch found.known {
            case .type: event.type = member.value
            case .data: event.data = member.value
            case .metadata: event.metadata = member.value
            default: assignShared(found, to: &event)
            }
        }
    }

    private func assignReference(to event: inout DecodedEvent) {
        event.toolUseID = nestedToolUseID
        event.agentID = nestedAgentID
        for found in members {
            let member = found.member
            switch found.known {
            case .hookEventType: event.type = member.value
            case .payload: event.data = member.value
            case .metadata: event.metadata = member.value
            default: assignShared(found, to: &event)
            }
        }
    }

    /// The whole object is the data; what the envelope needs is read from it, not moved out of it.
    private func assignRaw(object: Range<Int>, to event: inout DecodedEvent) {
        event.data = object
        for found in members {
            let value = found.member.value
            switch found.known {
            case .hookEventName: event.type = value
            case .sourceApp: event.sourceApp = value
            case .sessionID: event.sessionID = value
            case .agentID: event.agentID = value
            case .eventID: event.eventID = value
            case .timestamp: event.timestamp = value
            case .cwd: event.cwd = value
            case .toolUseID: event.toolUseID = value
            default: break
            }
        }
    }

    private func assignShared(_ found: FoundMember, to event: inout DecodedEvent) {
        let member = found.member
        switch found.known {
        case .eventID: event.eventID = member.value
        case .sourceApp: event.sourceApp = member.value
        case .sessionID: event.sessionID = member.value
        case .agentID: event.agentID = member.value
        case .timestamp: event.timestamp = member.value
        case .some(let key) where key.isOfTheLine: event.sender.append(member)
        default: event.others.append(member)
        }
    }
}

extension EventKey {
    /// A second one would leave open which is meant. (`data` of a hook may repeat what it likes.)
    var isUniqueInEvent: Bool { self != .cwd && self != .toolUseID }
}
