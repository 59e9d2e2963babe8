internal import EventFormats
internal import StrictJSON

/// The validated texts of an event's envelope, as tokens to be written and as what they say.
struct EventFields {
    /// A text in both its forms. `said` is empty where the token's own bytes say it.
    struct Field {
        let token: Range<Int>?
        /// Decoded UTF-8, only where it differs from the token's bytes.
        let said: [UInt8]
    }

    let type, sourceApp, sessionID: Field
    let eventID, agentID: Field?
    let data: Range<Int>
    let metadata: Range<Int>?

    init(
        _ event: DecodedEvent, _ bytes: Span<UInt8>, _ context: EventIntake.Context,
        _ limits: EventIntake.Limits
    ) throws(EventFault) {
        let reader = FieldReader(bytesMax: limits.nameBytesMax)
        type = try reader.required(event.typeKey, event.type, bytes)
        sourceApp = try reader.sourceApp(event, bytes, context.sourceApp)
        sessionID = try reader.required(.sessionID, event.sessionID, bytes)
        eventID = try reader.optional(.eventID, event.eventID, bytes)
        agentID = try reader.optional(.agentID, event.agentID, bytes)
        data = try reader.data(event, bytes)
        metadata = try reader.metadata(event, bytes)
    }
}

private struct FieldReader {
    let bytesMax: Int

    func required(
        _ key: EventKey, _ value: DecodedEvent.Value?, _ bytes: Span<UInt8>
    ) throws(EventFault) -> EventFields.Field {
        guard let field = try optional(key, value, bytes) else { throw Self.missing(key) }
        return field
    }

    /// `null` is as good as nothing.
    func optional(
        _ key: EventKey, _ value: DecodedEvent.Value?, _ bytes: Span<UInt8>
    ) throws(EventFault) -> EventFields.Field? {
        guard let value, bytes[value.range.lowerBound] != UInt8(ascii: "n") else { return nil }
        let token = value.range
        guard bytes[token.lowerBound] == UInt8(ascii: "\"") else {
            throw EventFault(.invalidField, field: key.name, "must be a string")
        }
        guard token.count > 2 else {
            throw EventFault(.missingField, field: key.name, "must not be empty")
        }
        let said = value.hasEscape ? try decoded(key, token, bytes) : []
        guard (said.isEmpty ? token.count - 2 : said.count) <= bytesMax else {
            throw EventFault(.fieldTooLong, field: key.name, "longer than \(bytesMax) bytes")
        }
        return EventFields.Field(token: token, said: said)
    }

    private func decoded(
        _ key: EventKey, _ token: Range<Int>, _ bytes: Span<UInt8>
    ) throws(EventFault) -> [UInt8] {
        var said: [UInt8] = []
        guard JSONString.decode(token, in: bytes, appendingTo: &said) else {
            throw EventFault(.invalidField, field: key.name, "holds half a surrogate pair")
        }
        return said
    }

    func sourceApp(
        _ event: DecodedEvent, _ bytes: Span<UInt8>, _ given: String?
    ) throws(EventFault) -> EventFields.Field {
        guard event.dialect == .raw else { return try required(.sourceApp, event.sourceApp, bytes) }
        if let given, !given.isEmpty {
            guard given.utf8.count <= bytesMax else {
                throw EventFault(
                    .fieldTooLong, field: "source_app", "longer than \(bytesMax) bytes")
            }
            return EventFields.Field(token: nil, said: Array(given.utf8))
        }
        if let own = try optional(.sourceApp, event.sourceApp, bytes) { return own }
        guard let cwd = event.cwd, let folder = lastFolder(of: cwd, bytes),
            let name = cut(folder)
        else {
            throw EventFault(
                .missingField, field: EventKey.sourceApp.name,
                "needs ?source_app= or a cwd to be named after")
        }
        return EventFields.Field(token: nil, said: name)
    }

    /// The last part of a path, with either kind of slash.
    private func lastFolder(of token: Range<Int>, _ bytes: Span<UInt8>) -> [UInt8]? {
        guard bytes[token.lowerBound] == UInt8(ascii: "\"") else { return nil }
        var path: [UInt8] = []
        guard JSONString.decode(token, in: bytes, appendingTo: &path) else { return nil }
        let parts = path.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        return parts.last.map(Array.init)
    }

    /// As many whole characters as a name may have; nil where not even one fits.
    private func cut(_ text: [UInt8]) -> [UInt8]? {
        guard text.count > bytesMax else { return text }
        var end = bytesMax
        while end > 0, UTF8.isContinuation(text[end]) { end -= 1 }
        return end > 0 ? Array(text[..<end]) : nil
    }

    /// Any JSON value; the reference's payload must also be true in JavaScript's eyes.
    func data(_ event: DecodedEvent, _ bytes: Span<UInt8>) throws(EventFault) -> Range<Int> {
        guard let data = event.data else { throw Self.missing(event.dataKey) }
        if event.dialect == .reference, isFalsy(data, bytes) { throw Self.missing(event.dataKey) }
        return data
    }

    private func isFalsy(_ value: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        switch bytes[value.lowerBound] {
        case UInt8(ascii: "n"), UInt8(ascii: "f"): true
        case UInt8(ascii: "\""): value.count == 2
        case UInt8(ascii: "-"), UInt8(ascii: "0"): isZero(value, bytes)
        default: false
        }
    }

    private func isZero(_ value: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        for index in value {
            if bytes[index] | 0x20 == UInt8(ascii: "e") { return true }
            if (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(bytes[index]) { return false }
        }
        return true
    }

    func metadata(_ event: DecodedEvent, _ bytes: Span<UInt8>) throws(EventFault) -> Range<Int>? {
        guard let metadata = event.metadata, bytes[metadata.lowerBound] != UInt8(ascii: "n") else {
            return nil
        }
        guard bytes[metadata.lowerBound] == UInt8(ascii: "{") else {
            throw EventFault(.invalidField, field: EventKey.metadata.name, "must be an object")
        }
        return metadata
    }

    private static func missing(_ key: EventKey) -> EventFault {
        EventFault(.missingField, field: key.name, "required")
    }
}
