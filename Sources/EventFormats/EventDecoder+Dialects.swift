/// What an event's members mean in its dialect.
extension EventDecoder {
    func assign(object: Range<Int>, to event: inout DecodedEvent) {
        event.eventID = members.value(.eventID)
        event.sourceApp = members.value(.sourceApp)
        event.sessionID = members.value(.sessionID)
        event.agentID = members.value(.agentID)
        event.timestamp = members.range(.timestamp)
        switch event.dialect {
        case .native, nil: assignNative(to: &event)
        case .reference: assignReference(to: &event)
        case .raw: assignRaw(object: object, to: &event)
        }
    }

    private func assignNative(to event: inout DecodedEvent) {
        event.type = members.value(.type)
        event.data = members.range(.data)
        event.metadata = members.range(.metadata)
        event.toolUseID = members.ofData.toolUseID
        assignRest(notForSenders: EventKey.notForNativeSenders, to: &event)
    }

    private func assignReference(to event: inout DecodedEvent) {
        event.type = members.value(.hookEventType)
        event.data = members.range(.payload)
        event.metadata = members.range(.metadata)
        event.toolUseID = members.ofPayload.toolUseID
        // Older hooks copy no agent's id to the top.
        event.agentID = event.agentID ?? members.ofPayload.agentID
        assignRest(notForSenders: EventKey.notForReferenceSenders, to: &event)
    }

    /// The whole object is the data; what the envelope needs is read from it, not moved out of it.
    private func assignRaw(object: Range<Int>, to event: inout DecodedEvent) {
        event.type = members.value(.hookEventName)
        event.data = object
        event.cwd = members.range(.cwd)
        event.toolUseID = members.range(.toolUseID)
    }

    private func assignRest(notForSenders keys: [EventKey], to event: inout DecodedEvent) {
        for key in keys {
            if let member = members.member(key) { event.sender.append(member) }
        }
        event.others.append(contentsOf: members.loose)
    }
}

extension EventKey {
    fileprivate static let notForNativeSenders: [EventKey] = [
        .id, .serverTimestamp, .processingTime, .enrichmentVersion,
    ]
    fileprivate static let notForReferenceSenders: [EventKey] =
        notForNativeSenders + [.type, .data]
}
