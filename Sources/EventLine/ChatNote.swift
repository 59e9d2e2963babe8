internal import StrictJSON

/// What an event keeps of a transcript that came with it: `"chat":{"count":52,"sha256":"…"}` in its
/// metadata. The messages stand in lines of their own (see `TranscriptLine`).
public struct ChatNote: Equatable, Sendable {
    public let count: Int
    /// Of the whole JSON array, without white space between its tokens.
    public let sha256: String

    public init(count: Int, sha256: String) {
        self.count = count
        self.sha256 = sha256
    }

    /// - Returns: nil where no transcript came with the event.
    public init?(_ line: Span<UInt8>, _ members: EventMembers) {
        guard let metadata = members.metadata,
            let note = LineMetadata.value(LineMetadata.chat, of: metadata, in: line),
            let count = LineMetadata.value("count", of: note, in: line)
                .flatMap({ line.number($0) }).flatMap({ Int(exactly: $0) }),
            let hash = LineMetadata.value("sha256", of: note, in: line), hash.count == 66
        else { return nil }
        var text: [UInt8] = []
        text.append(contentsOf: line, hash.dropFirst().dropLast())
        self.init(count: count, sha256: String(decoding: text, as: UTF8.self))
    }

    public init?(_ line: Span<UInt8>) {
        guard let envelope = EventEnvelope(line),
            let members = EventMembers(line, after: envelope)
        else { return nil }
        self.init(line, members)
    }

    /// As it stands in the metadata.
    public func append(to output: inout [UInt8]) {
        output.append(contentsOf: "{\"count\":\(count),\"sha256\":\"\(sha256)\"}".utf8)
    }

    /// Appends an event's line with its transcript as its last member, without the line end.
    public static func append(_ line: Span<UInt8>, chat: Span<UInt8>, to output: inout [UInt8]) {
        let end = line.count - (line[line.count - 1] == UInt8(ascii: "\n") ? 2 : 1)
        output.append(contentsOf: line, 0..<end)
        output.append(contentsOf: ",\"chat\":".utf8)
        output.append(contentsOf: chat, 0..<chat.count)
        output.append(UInt8(ascii: "}"))
    }
}
