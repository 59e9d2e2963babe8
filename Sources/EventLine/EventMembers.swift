internal import StrictJSON

/// What follows the envelope in a line.
public struct EventMembers: Sendable {
    public let data: Range<Int>
    public let metadata: Range<Int>?
    /// All members after `data`, as they stand, without the comma before and the brace behind.
    public let rest: Range<Int>

    private static let metadataKey = Array("\"metadata\":".utf8)

    public init?(_ line: Span<UInt8>, after envelope: EventEnvelope) {
        var cursor = JSONCursor(envelope.dataStart..<line.count)
        guard (try? cursor.skipValue(in: line)) != nil else { return nil }
        data = envelope.dataStart..<cursor.position
        let closing = line.count - (line[line.count - 1] == UInt8(ascii: "\n") ? 2 : 1)
        guard closing >= cursor.position, line[closing] == UInt8(ascii: "}") else { return nil }
        rest = min(cursor.position + 1, closing)..<closing
        metadata = Self.metadata(line, rest)
    }

    /// The same of a line that is sound to its end; nil of every other. With the envelope, which was read
    /// before, each byte of the line is looked at once.
    public init?(whole line: Span<UInt8>, after envelope: EventEnvelope) {
        var cursor = JSONCursor(envelope.dataStart..<line.count)
        var metadata: Range<Int>?
        do throws(JSONFault) {
            try cursor.skipValue(in: line, depth: 1)
            data = envelope.dataStart..<cursor.position
            var isFirst = true
            while try cursor.anotherMember(in: line) {
                let key = try cursor.nextKey(in: line)
                let start = cursor.position
                try cursor.skipValue(in: line, depth: 1)
                if isFirst, Self.isMetadata(line, key) { metadata = start..<cursor.position }
                isFirst = false
            }
            let closing = cursor.position - 1
            try cursor.finish(in: line)
            rest = min(data.upperBound + 1, closing)..<closing
        } catch {
            return nil
        }
        self.metadata = metadata
    }

    private static func isMetadata(_ line: Span<UInt8>, _ key: Range<Int>) -> Bool {
        guard key.count == metadataKey.count - 1 else { return false }
        for index in 0..<key.count where line[key.lowerBound + index] != metadataKey[index] {
            return false
        }
        return true
    }

    private static func metadata(_ line: Span<UInt8>, _ rest: Range<Int>) -> Range<Int>? {
        guard rest.count > metadataKey.count else { return nil }
        for index in metadataKey.indices where line[rest.lowerBound + index] != metadataKey[index] {
            return nil
        }
        var cursor = JSONCursor((rest.lowerBound + metadataKey.count)..<rest.upperBound)
        guard (try? cursor.skipValue(in: line)) != nil else { return nil }
        return (rest.lowerBound + metadataKey.count)..<cursor.position
    }
}

extension EventMembers {
    /// What a string at the top of `data` says; nil where `data` is no object or has no such string.
    public func string(_ key: String, in line: Span<UInt8>) -> String? {
        var cursor = JSONCursor(data)
        let wanted = Array(key.utf8)
        guard var more = try? cursor.enterObject(in: line) else { return nil }
        while more, let token = try? cursor.nextKey(in: line),
            let first = try? cursor.peek(in: line)
        {
            let start = cursor.position
            guard (try? cursor.skipValue(in: line)) != nil else { return nil }
            if first == UInt8(ascii: "\""), Self.text(token, line) == wanted {
                return String(decoding: Self.text(start..<cursor.position, line), as: UTF8.self)
            }
            more = (try? cursor.anotherMember(in: line)) ?? false
        }
        return nil
    }

    private static func text(_ token: Range<Int>, _ line: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONString.decode(token, in: line, appendingTo: &bytes)
        return bytes
    }
}
