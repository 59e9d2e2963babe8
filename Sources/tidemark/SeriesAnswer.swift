internal import StrictJSON

/// One series of an answer, read from its line of NDJSON. Numbers stay the text that they are: exact.
struct SeriesAnswer {
    struct Row {
        let start: String
        /// By field; those that are null are left out.
        let numbers: [String: String]
        let isOpen: Bool
    }

    private(set) var metric = ""
    private(set) var kind = ""
    private(set) var unit = ""
    private(set) var tags: [(key: String, value: String)] = []
    private(set) var rows: [Row] = []

    init(_ line: [UInt8]) throws(JSONFault) {
        var reader = JSONReader(line)
        var (metric, kind, unit, tags, rows) = ("", "", "", self.tags, self.rows)
        try reader.forEachMember { (key, reader) throws(JSONFault) in
            switch key {
            case "metric": metric = try reader.string()
            case "kind": kind = try reader.string()
            case "unit": unit = try reader.string()
            case "tags":
                try reader.forEachMember { (key, reader) throws(JSONFault) in
                    tags.append((key, try reader.string()))
                }
            case "buckets":
                try reader.forEachElement { (reader) throws(JSONFault) in
                    rows.append(try Row(&reader))
                }
            default: _ = try reader.token()
            }
        }
        (self.metric, self.kind, self.unit, self.tags, self.rows) = (metric, kind, unit, tags, rows)
    }

    /// `tool.duration  ms  source_app=web tool=Bash`
    var title: String {
        let tags = tags.map { "\($0.key)=\(Self.quoted($0.value))" }.joined(separator: " ")
        return Console.printable(
            [metric, unit == "1" ? "" : unit, tags].filter { !$0.isEmpty }
                .joined(separator: "  "))
    }

    private static func quoted(_ value: String) -> String {
        value.isEmpty || value.contains { $0 == " " || $0 == "\"" }
            ? "\"\(value.replacing("\"", with: "\\\""))\"" : value
    }
}

extension SeriesAnswer.Row {
    fileprivate init(_ reader: inout JSONReader) throws(JSONFault) {
        var (start, numbers, isOpen) = ("", [String: String](), false)
        try reader.forEachMember { (key, reader) throws(JSONFault) in
            switch key {
            case "start": start = try reader.string()
            case "open": isOpen = try reader.token() == "true"
            default:
                let token = try reader.token()
                if token != "null" { numbers[key] = token }
            }
        }
        self.init(start: start, numbers: numbers, isOpen: isOpen)
    }
}

/// Reads the tokens of one JSON text one after the other.
private struct JSONReader {
    private let bytes: [UInt8]
    private var cursor: JSONCursor

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        cursor = JSONCursor(bytes.indices)
    }

    /// - Parameter body: moves over the key's value.
    mutating func forEachMember(
        _ body: (String, inout Self) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        let bytes = bytes
        var more = try cursor.enterObject(in: bytes.span)
        while more {
            let key = decoded(try cursor.nextKey(in: bytes.span))
            try body(key, &self)
            more = try cursor.anotherMember(in: bytes.span)
        }
    }

    /// - Parameter body: moves over the element.
    mutating func forEachElement(
        _ body: (inout Self) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        let bytes = bytes
        var more = try cursor.enterArray(in: bytes.span)
        while more {
            try body(&self)
            more = try cursor.anotherElement(in: bytes.span)
        }
    }

    /// What a string says; nothing where the value is another.
    mutating func string() throws(JSONFault) -> String {
        let bytes = bytes
        let isString = try cursor.peek(in: bytes.span) == UInt8(ascii: "\"")
        let range = try skipped()
        return isString ? decoded(range) : ""
    }

    /// Any value, as it is written.
    mutating func token() throws(JSONFault) -> String {
        String(decoding: bytes[try skipped()], as: UTF8.self)
    }

    private mutating func skipped() throws(JSONFault) -> Range<Int> {
        let bytes = bytes
        _ = try cursor.peek(in: bytes.span)
        let start = cursor.position
        try cursor.skipValue(in: bytes.span)
        return start..<cursor.position
    }

    private func decoded(_ token: Range<Int>) -> String {
        var text: [UInt8] = []
        JSONString.decode(token, in: bytes.span, appendingTo: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
