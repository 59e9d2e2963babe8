internal import EventFormats
internal import EventLine
internal import StrictJSON
internal import TimeSeries

/// Writes the two stretches of an event's line, and finds its keys on the way.
struct LineBuilder: Sendable {
    /// Reused for each event's key.
    private var parts: [UInt8] = []

    mutating func append(
        _ event: DecodedEvent, _ bytes: Span<UInt8>, _ fields: EventFields, _ time: EventTime,
        _ notes: IntakeNotes, now: Timestamp, _ keys: EventKeys, to batch: inout EventBatch
    ) {
        var notes = notes
        let chat = ChatMessages(event, bytes, keys, to: &batch.bytes)
        notes.chat = chat.map { ($0.note, $0.member) }
        let line = append(event, bytes, fields, time, notes, now: now, keys, to: &batch.bytes)
        batch.items.append(
            EventBatch.Item(
                head: line.head, tail: line.tail,
                event: EventBatch.Event(
                    timestamp: time.moment, key: line.key, content: line.content,
                    transcript: chat == nil ? nil : batch.transcripts.count)))
        if let chat {
            batch.transcripts.append(
                EventBatch.Transcript(
                    session: keys.session(line.sourceApp, line.sessionID, of: batch.bytes.span),
                    sourceApp: line.sourceApp, sessionID: line.sessionID, messages: chat.messages,
                    ends: chat.ends, chains: chat.chains))
        }
    }

    /// Where the parts of a line stand, and what it is known by.
    private struct Line {
        let head, tail, sourceApp, sessionID: Range<Int>
        let key: KeyedHash.Value
        let content: UInt32
    }

    private mutating func append(
        _ event: DecodedEvent, _ bytes: Span<UInt8>, _ fields: EventFields, _ time: EventTime,
        _ notes: IntakeNotes, now: Timestamp, _ keys: EventKeys, to output: inout [UInt8]
    ) -> Line {
        let start = output.count
        output.append(text: ",\"event_id\":")
        let eventID = appendID(event, bytes, fields, now, to: &output)
        output.append(text: ",\"type\":")
        let type = fields.type.append(bytes, to: &output)
        output.append(text: ",\"source_app\":")
        let sourceApp = fields.sourceApp.append(bytes, to: &output)
        output.append(text: ",\"session_id\":")
        let sessionID = fields.sessionID.append(bytes, to: &output)
        if let agentID = fields.agentID {
            output.append(text: ",\"agent_id\":")
            _ = agentID.append(bytes, to: &output)
        }
        output.append(text: ",\"timestamp\":\"")
        time.append(bytes, to: &output)
        output.append(UInt8(ascii: "\""))
        let middle = output.count
        let tail = LineTail.append(event, bytes, fields, notes, to: &output)
        parts.removeAll(keepingCapacity: true)
        parts.append(part: sourceApp, of: output.span)
        parts.append(part: eventID, of: output.span)
        return Line(
            head: start..<middle, tail: middle..<output.count, sourceApp: sourceApp,
            sessionID: sessionID, key: keys.key(parts),
            content: keys.content(type, tail.data, tail.capped, of: output.span))
    }

    /// - Returns: where the token stands in the output.
    private mutating func appendID(
        _ event: DecodedEvent, _ bytes: Span<UInt8>, _ fields: EventFields, _ now: Timestamp,
        to output: inout [UInt8]
    ) -> Range<Int> {
        if let given = fields.eventID { return given.append(bytes, to: &output) }
        let start = output.count
        output.append(UInt8(ascii: "\""))
        if let toolUse = event.toolUseID, toolUse.count > 2,
            bytes[toolUse.lowerBound] == UInt8(ascii: "\"")
        {
            collect(toolUse, bytes, fields)
            EventIdentifier.appendDerived(from: parts, to: &output)
        } else {
            EventIdentifier.appendRandom(now: now, to: &output)
        }
        output.append(UInt8(ascii: "\""))
        return start..<output.count
    }

    private mutating func collect(
        _ toolUse: Range<Int>, _ bytes: Span<UInt8>, _ fields: EventFields
    ) {
        parts.removeAll(keepingCapacity: true)
        fields.sourceApp.append(part: &parts, bytes)
        fields.sessionID.append(part: &parts, bytes)
        if let agentID = fields.agentID {
            agentID.append(part: &parts, bytes)
        } else {
            parts.append(part: [])
        }
        fields.type.append(part: &parts, bytes)
        parts.append(part: toolUse, of: bytes)
    }
}

extension EventFields.Field {
    /// Appends the token, or makes one where there is none.
    /// - Returns: where it stands in the output.
    func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) -> Range<Int> {
        let start = output.count
        if let token {
            output.append(contentsOf: bytes, token)
        } else {
            JSONString.encode(said.span, appendingTo: &output)
        }
        return start..<output.count
    }

    /// Appends what the field says, with its length.
    func append(part parts: inout [UInt8], _ bytes: Span<UInt8>) {
        if let token {
            parts.append(part: token, of: bytes)
        } else {
            parts.append(part: said)
        }
    }
}

extension [UInt8] {
    mutating func append(text: StaticString) {
        unsafe append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
