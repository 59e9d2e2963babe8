internal import StrictJSON

/// A small JSON text as a value, for what is read once and not once a line.
indirect enum JSONValue {
    case string(String)
    /// The token as it stands.
    case number(String)
    case literal(String)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])

    /// - Returns: nil where the text is not sound JSON.
    init?(_ bytes: Span<UInt8>) {
        var check = JSONCursor(0..<bytes.count)
        // The depth is checked before anything is built by recursion.
        guard (try? check.skipValue(in: bytes)) != nil, (try? check.finish(in: bytes)) != nil
        else { return nil }
        var cursor = JSONCursor(0..<bytes.count)
        guard let value = try? Self.read(bytes, &cursor) else { return nil }
        self = value
    }

    private static func read(
        _ bytes: Span<UInt8>, _ cursor: inout JSONCursor
    ) throws(JSONFault) -> JSONValue {
        let first = try cursor.peek(in: bytes)
        let start = cursor.position
        switch first {
        case UInt8(ascii: "{"): return try readObject(bytes, &cursor)
        case UInt8(ascii: "["): return try readArray(bytes, &cursor)
        default: try cursor.skipValue(in: bytes)
        }
        switch first {
        case UInt8(ascii: "\""): return .string(text(start..<cursor.position, bytes))
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            return .literal(bytes.string(start..<cursor.position))
        default: return .number(bytes.string(start..<cursor.position))
        }
    }

    private static func readObject(
        _ bytes: Span<UInt8>, _ cursor: inout JSONCursor
    ) throws(JSONFault) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        var more = try cursor.enterObject(in: bytes)
        while more {
            let key = text(try cursor.nextKey(in: bytes), bytes)
            members.append((key, try read(bytes, &cursor)))
            more = try cursor.anotherMember(in: bytes)
        }
        return .object(members)
    }

    private static func readArray(
        _ bytes: Span<UInt8>, _ cursor: inout JSONCursor
    ) throws(JSONFault) -> JSONValue {
        var elements: [JSONValue] = []
        var more = try cursor.enterArray(in: bytes)
        while more {
            elements.append(try read(bytes, &cursor))
            more = try cursor.anotherElement(in: bytes)
        }
        return .array(elements)
    }

    private static func text(_ token: Range<Int>, _ bytes: Span<UInt8>) -> String {
        var decoded: [UInt8] = []
        JSONString.decode(token, in: bytes, appendingTo: &decoded)
        return String(decoding: decoded, as: UTF8.self)
    }
}

extension JSONValue {
    /// The last member of this name.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    var string: String? { if case .string(let text) = self { text } else { nil } }

    var strings: [String]? {
        guard let elements else { return nil }
        let strings = elements.compactMap(\.string)
        return strings.count == elements.count ? strings : nil
    }

    var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

    var integer: Int? { if case .number(let token) = self { Int(token) } else { nil } }
}
