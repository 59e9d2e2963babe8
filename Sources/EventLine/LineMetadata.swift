internal import StrictJSON

/// What Tidemark itself says of an event: members of `metadata` that no sender can set.
public enum LineMetadata {
    /// The transcript that came with the event (see `ChatNote`).
    public static let chat = "chat"
    /// What was cut off long strings.
    public static let capped = "capped"
    /// How often which rule took a secret out.
    public static let redacted = "redacted"
    /// What the sender may not set, set aside.
    public static let sender = "sender"

    /// Names under which a sender's own members are set aside.
    public static let reserved = [sender, redacted, capped, chat]

    /// The value of one of them; `metadata` is the object's place in the line.
    public static func value(
        _ name: String, of metadata: Range<Int>, in line: Span<UInt8>
    ) -> Range<Int>? {
        let wanted = Array("\"\(name)\"".utf8)
        var cursor = JSONCursor(metadata)
        guard var more = try? cursor.enterObject(in: line) else { return nil }
        while more, let key = try? cursor.nextKey(in: line), (try? cursor.peek(in: line)) != nil {
            let start = cursor.position
            guard (try? cursor.skipValue(in: line)) != nil else { return nil }
            if line.spells(wanted, at: key) { return start..<cursor.position }
            more = (try? cursor.anotherMember(in: line)) ?? false
        }
        return nil
    }
}

extension Span<UInt8> {
    fileprivate func spells(_ wanted: [UInt8], at range: Range<Int>) -> Bool {
        guard range.count == wanted.count else { return false }
        for index in wanted.indices where self[range.lowerBound + index] != wanted[index] {
            return false
        }
        return true
    }
}
