public import EventLine
internal import StrictJSON

/// Which event is which: the keys by which a retry is known.
///
/// An event's identity is always (source app, event id), compared as decoded text. Where the sender
/// gives no id but the event belongs to one tool use, the id is made from (source app, session, agent,
/// type, tool use), so that a retry gets the same id; otherwise it is random, and the event is stored
/// each time it is sent (see `EventIdentifier`).
public struct EventKeys: Sendable {
    let hash: KeyedHash

    public init(hash: KeyedHash = .random()) {
        self.hash = hash
    }

    /// The key of a stored event, for the window to be restored.
    public func keyAndContent(
        of line: Span<UInt8>, _ envelope: EventEnvelope, _ members: EventMembers
    ) -> (key: KeyedHash.Value, content: UInt32) {
        var parts: [UInt8] = []
        parts.append(part: envelope.sourceApp, of: line)
        parts.append(part: envelope.eventID, of: line)
        let capped = members.metadata.flatMap {
            LineMetadata.value(LineMetadata.capped, of: $0, in: line)
        }
        return (key(parts), content(envelope.type, members.data, capped, of: line))
    }

    /// The key for source app and event id, appended in this order by `append(part:)`.
    func key(_ parts: [UInt8]) -> KeyedHash.Value {
        hash.hash(parts.span)
    }

    /// A digest of what an event says, to tell a retry from another event under the same key.
    /// - Parameter capped: what the metadata tells of strings that were cut: heads alike may have had
    ///   different ends.
    func content(
        _ type: Range<Int>, _ data: Range<Int>, _ capped: Range<Int>?, of line: Span<UInt8>
    ) -> UInt32 {
        var value = hash.digest(line.extracting(data)) &+ hash.digest(line.extracting(type))
        if let capped { value &+= hash.digest(line.extracting(capped)) }
        return UInt32(truncatingIfNeeded: value ^ value >> 32)
    }
}

extension [UInt8] {
    /// Appends what a token says, with its length, so that no two lists of parts look alike.
    mutating func append(part token: Range<Int>, of bytes: Span<UInt8>) {
        let start = count
        JSONString.decode(token, in: bytes, appendingTo: &self)
        append(lengthSince: start)
    }

    mutating func append(part text: [UInt8]) {
        let start = count
        append(contentsOf: text)
        append(lengthSince: start)
    }

    private mutating func append(lengthSince start: Int) {
        let length = UInt32(truncatingIfNeeded: count - start)
        for shift: UInt32 in [0, 8, 16, 24] { append(UInt8(truncatingIfNeeded: length >> shift)) }
    }
}
