import Testing

@Suite struct `The CSV parser of these tests` {
    @Test(arguments: [
        ("a,b\r\n", [["a", "b"]]), ("\"a\",\"\"\r\n", [["a", ""]]), (",\r\n", [["", ""]]),
        ("\"a\"\"b\",c\r\nd,e\r\n", [["a\"b", "c"], ["d", "e"]]),
        ("\"a,\r\nb\",c\r\n", [["a,\r\nb", "c"]]),
    ])
    func `reads what RFC 4180 has`(text: String, records: [[String]]) {
        #expect(RFC4180.records(Array(text.utf8)) == records.map { $0.map { Array($0.utf8) } })
    }

    @Test(arguments: ["a\"b\r\n", "\"a\"b\r\n", "a\nb\r\n", "\"a\r\n", "a", "a\r\nb", "a\rb\r\n"])
    func `refuses what it has not`(text: String) {
        #expect(RFC4180.records(Array(text.utf8)) == nil)
    }
}

/// A strict reader of RFC 4180 section 2: nil where a text breaks a rule.
enum RFC4180 {
    static func records(_ text: [UInt8]) -> [[[UInt8]]]? {
        var records: [[[UInt8]]] = []
        var record: [[UInt8]] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard let field = field(&rest) else { return nil }
            record.append(field)
            if rest.first == UInt8(ascii: ",") {
                rest.removeFirst()
            } else if rest.starts(with: [0x0D, 0x0A]) {
                rest.removeFirst(2)
                records.append(record)
                record = []
            } else {
                return nil
            }
        }
        return record.isEmpty ? records : nil
    }

    private static func field(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard rest.first == UInt8(ascii: "\"") else {
            let bare = rest.prefix { ![0x2C, 0x0D, 0x0A, 0x22].contains($0) }
            rest = rest[bare.endIndex...]
            return Array(bare)
        }
        var field: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\"") else {
                field.append(byte)
                continue
            }
            guard rest.first == UInt8(ascii: "\"") else { return field }
            field.append(byte)
            rest.removeFirst()
        }
        return nil
    }
}
