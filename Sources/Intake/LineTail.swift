internal import EventFormats
internal import EventLine
internal import StrictJSON
internal import TimeSeries

/// The end of a line: data, metadata and the sender's other members.
enum LineTail {
    /// Where in the output stands what an event says.
    struct Places {
        let data: Range<Int>
        /// What tells of the rest of strings that were cut.
        let capped: Range<Int>?
    }

    static func append(
        _ event: DecodedEvent, _ bytes: Span<UInt8>, _ fields: EventFields,
        _ notes: IntakeNotes, to output: inout [UInt8]
    ) -> Places {
        let copier = ValueCopier(compacts: event.needsCompacting)
        output.append(text: ",\"enrichment_version\":\"")
        output.append(contentsOf: EventLineParts.enrichmentVersion.utf8)
        output.append(text: "\",\"data\":")
        let data = copier.append(fields.data, bytes, to: &output)
        let capped = appendMetadata(event, bytes, fields, notes, copier, to: &output)
        for (place, member) in event.others.enumerated() where place != notes.chat?.member {
            output.append(UInt8(ascii: ","))
            copier.append(member, bytes, to: &output)
        }
        output.append(text: "}\n")
        return Places(data: data, capped: capped)
    }

    /// The sender's own members first; then `sender`, what it may not set; then what was done to the event.
    /// - Returns: where the value of `capped` stands in the output.
    private static func appendMetadata(
        _ event: DecodedEvent, _ bytes: Span<UInt8>, _ fields: EventFields,
        _ notes: IntakeNotes, _ copier: ValueCopier, to output: inout [UInt8]
    ) -> Range<Int>? {
        let own = SenderMetadata(fields.metadata, bytes)
        let moved = event.sender + own.reserved
        guard fields.metadata != nil || !moved.isEmpty || !notes.isEmpty else { return nil }
        output.append(text: ",\"metadata\":{")
        var separator = Separator()
        for member in own.members {
            separator.append(to: &output)
            copier.append(member, bytes, to: &output)
        }
        if !moved.isEmpty {
            separator.append(to: &output)
            appendObject(LineMetadata.sender, moved, bytes, copier, to: &output)
        }
        if !notes.redactions.isEmpty {
            separator.append(to: &output)
            append(notes.redactions, to: &output)
        }
        var capped: Range<Int>?
        if !notes.capped.isEmpty {
            separator.append(to: &output)
            capped = append(notes.capped, to: &output)
        }
        if let note = notes.chat?.note {
            separator.append(to: &output)
            JSONString.encode(LineMetadata.chat, appendingTo: &output)
            output.append(UInt8(ascii: ":"))
            note.append(to: &output)
        }
        output.append(UInt8(ascii: "}"))
        return capped
    }

    private static func append(_ capped: CappedStrings, to output: inout [UInt8]) -> Range<Int> {
        JSONString.encode(LineMetadata.capped, appendingTo: &output)
        output.append(UInt8(ascii: ":"))
        let start = output.count
        capped.append(to: &output)
        return start..<output.count
    }

    private static func appendObject(
        _ key: String, _ members: [DecodedEvent.Member], _ bytes: Span<UInt8>,
        _ copier: ValueCopier,
        to output: inout [UInt8]
    ) {
        JSONString.encode(key, appendingTo: &output)
        output.append(text: ":{")
        var separator = Separator()
        for member in members {
            separator.append(to: &output)
            copier.append(member, bytes, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private static func append(_ redactions: [Redaction], to output: inout [UInt8]) {
        JSONString.encode(LineMetadata.redacted, appendingTo: &output)
        output.append(text: ":{")
        var separator = Separator()
        for redaction in redactions {
            separator.append(to: &output)
            JSONString.encode(redaction.rule, appendingTo: &output)
            output.append(UInt8(ascii: ":"))
            output.append(decimal: Int64(redaction.count))
        }
        output.append(UInt8(ascii: "}"))
    }
}

/// Copies values and members, without white space where there is any.
private struct ValueCopier {
    let compacts: Bool

    @discardableResult
    func append(_ range: Range<Int>, _ bytes: Span<UInt8>, to output: inout [UInt8]) -> Range<Int> {
        let start = output.count
        if compacts {
            JSONCompactor.append(range, of: bytes, to: &output)
        } else {
            output.append(contentsOf: bytes, range)
        }
        return start..<output.count
    }

    func append(_ member: DecodedEvent.Member, _ bytes: Span<UInt8>, to output: inout [UInt8]) {
        output.append(contentsOf: bytes, member.key)
        output.append(UInt8(ascii: ":"))
        append(member.value, bytes, to: &output)
    }
}

/// A comma before every member but the first.
private struct Separator {
    private var isFirst = true

    mutating func append(to output: inout [UInt8]) {
        if !isFirst { output.append(UInt8(ascii: ",")) }
        isFirst = false
    }
}

/// The sender's metadata, its members apart from those under names that Tidemark writes.
private struct SenderMetadata {
    private(set) var members: [DecodedEvent.Member] = []
    private(set) var reserved: [DecodedEvent.Member] = []

    init(_ object: Range<Int>?, _ bytes: Span<UInt8>) {
        guard let object else { return }
        var cursor = JSONCursor(object)
        // The event was validated as a whole, so nothing can be thrown here.
        guard var more = try? cursor.enterObject(in: bytes) else { return }
        while more, let key = try? cursor.nextKey(in: bytes),
            (try? cursor.peek(in: bytes)) != nil
        {
            let start = cursor.position
            guard (try? cursor.skipValue(in: bytes)) != nil else { return }
            append(DecodedEvent.Member(key: key, value: start..<cursor.position), bytes)
            more = (try? cursor.anotherMember(in: bytes)) ?? false
        }
    }

    private mutating func append(_ member: DecodedEvent.Member, _ bytes: Span<UInt8>) {
        var name: [UInt8] = []
        JSONString.decode(member.key, in: bytes, appendingTo: &name)
        if LineMetadata.reserved.contains(where: { name.elementsEqual($0.utf8) }) {
            reserved.append(member)
        } else {
            members.append(member)
        }
    }
}
