internal import EventFormats
internal import EventLine
internal import StrictJSON

/// The transcript that the reference's hooks send with the end of each turn, copied out of its event: the
/// line holds its count and hash alone.
struct ChatMessages {
    /// With more of them a transcript stays in its event as it came: each costs memory of its own.
    static let messagesMax = 65_536

    /// Which of the event's other members it was.
    let member: Int
    let note: ChatNote
    /// Where the messages stand in the output, with the commas between them.
    let messages: Range<Int>
    let ends: [Int]
    let chains: [KeyedHash.Value]

    /// Appends the messages.
    /// - Returns: nil where there are none, or they stay where they are; then nothing was appended.
    init?(
        _ event: DecodedEvent, _ bytes: Span<UInt8>, _ keys: EventKeys, to output: inout [UInt8]
    ) {
        guard event.dialect == .reference, let member = Self.member(event, bytes) else {
            return nil
        }
        let start = output.count
        var copied = MessageCopy(compacts: event.needsCompacting)
        guard copied.run(event.others[member].value, bytes, keys, to: &output), !copied.ends.isEmpty
        else {
            output.removeLast(output.count - start)
            return nil
        }
        self.member = member
        messages = start..<output.count
        (ends, chains) = (copied.ends, copied.chains)
        var hash = ContentHash()
        hash.update([UInt8(ascii: "[")].span)
        hash.update(output.span.extracting(messages))
        hash.update([UInt8(ascii: "]")].span)
        note = ChatNote(count: ends.count, sha256: hash.hex)
    }

    /// The only member under this name, if it is an array.
    private static func member(_ event: DecodedEvent, _ bytes: Span<UInt8>) -> Int? {
        var found: Int?
        for (place, member) in event.others.enumerated() where isChat(member.key, bytes) {
            guard found == nil, bytes[member.value.lowerBound] == UInt8(ascii: "[") else {
                return nil
            }
            found = place
        }
        return found
    }

    private static func isChat(_ key: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        guard key.count == 6 else { return false }
        let start = key.lowerBound + 1
        return bytes[start] == UInt8(ascii: "c") && bytes[start + 1] == UInt8(ascii: "h")
            && bytes[start + 2] == UInt8(ascii: "a") && bytes[start + 3] == UInt8(ascii: "t")
    }
}

private struct MessageCopy {
    let compacts: Bool
    private(set) var ends: [Int] = []
    private(set) var chains: [KeyedHash.Value] = []

    init(compacts: Bool) {
        self.compacts = compacts
    }

    /// - Returns: false where there are too many.
    mutating func run(
        _ array: Range<Int>, _ bytes: Span<UInt8>, _ keys: EventKeys, to output: inout [UInt8]
    ) -> Bool {
        var chain = KeyedHash.Value.none
        var cursor = JSONCursor(array)
        // The event was validated as a whole, so nothing can be thrown here.
        guard var more = try? cursor.enterArray(in: bytes) else { return false }
        while more, (try? cursor.peek(in: bytes)) != nil {
            guard ends.count < ChatMessages.messagesMax else { return false }
            let start = cursor.position
            guard (try? cursor.skipValue(in: bytes)) != nil else { return false }
            if !ends.isEmpty { output.append(UInt8(ascii: ",")) }
            let message = append(start..<cursor.position, bytes, to: &output)
            chain = keys.chain(chain, message, of: output.span)
            ends.append(output.count)
            chains.append(chain)
            more = (try? cursor.anotherElement(in: bytes)) ?? false
        }
        return true
    }

    private func append(
        _ range: Range<Int>, _ bytes: Span<UInt8>, to output: inout [UInt8]
    ) -> Range<Int> {
        let start = output.count
        if compacts {
            JSONCompactor.append(range, of: bytes, to: &output)
        } else {
            output.append(contentsOf: bytes, range)
        }
        return start..<output.count
    }
}
