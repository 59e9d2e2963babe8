import EventFormats
import Intake
import Testing

@Suite struct `A token rule` {
    private static func isRedacted(_ text: [UInt8], _ rule: SecretRule) -> Bool {
        var taking = take
        taking.rules = [rule]
        let token =
            "\"" + text.map { "\\u00" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            + "\""
        return (try? taking(native(data: token)))?.metadata != nil
    }

    @Test(arguments: SecretRule.Alphabet.allCases)
    func `takes exactly the letters of its alphabet`(alphabet: SecretRule.Alphabet) {
        let digits = Set("0123456789".utf8)
        let upper = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        let lower = Set("abcdefghijklmnopqrstuvwxyz".utf8)
        let letters: Set<UInt8> =
            switch alphabet {
            case .digits: digits
            case .hex: digits.union("abcdefABCDEF".utf8)
            case .upperAlphanumeric: digits.union(upper)
            case .alphanumeric: digits.union(upper).union(lower)
            case .base64url: digits.union(upper).union(lower).union("-_".utf8)
            case .token: digits.union(upper).union(lower).union("-_+/=.~".utf8)
            }
        let rule = SecretRule(
            name: "r", shape: .token(prefix: "zz:", alphabet: alphabet, lengthMin: 1))
        for byte in UInt8(0)..<0x80 {
            #expect(
                Self.isRedacted(Array("zz:".utf8) + [byte], rule) == letters.contains(byte),
                "\(byte)")
        }
    }

    @Test func `takes as many letters as it says`() {
        let rule = SecretRule(
            name: "r", shape: .token(prefix: "zz:", alphabet: .digits, lengthMin: 3, lengthMax: 5))
        for length in 0..<9 {
            let text = Array(("zz:" + String(repeating: "7", count: length)).utf8)
            #expect(Self.isRedacted(text, rule) == (3...5).contains(length))
        }
    }

    @Test func `gives way to the rule before it`() throws {
        let rules = [
            SecretRule(
                name: "long", shape: .token(prefix: "key-", alphabet: .digits, lengthMin: 4)),
            SecretRule(name: "short", shape: .token(prefix: "key", alphabet: .token, lengthMin: 2)),
        ]
        var taking = take
        taking.rules = rules
        #expect(
            try taking(native(data: #""key-1234 key-123""#)).data
                == #""[redacted:long] [redacted:short]""#)
        taking.rules = rules.reversed()
        #expect(try taking(native(data: #""key-1234""#)).data == #""[redacted:short]""#)
    }

    @Test func `may be none at all`() throws {
        var taking = take
        taking.rules = []
        let text = SecretSample.all[0].secret()
        #expect(try taking(native(data: "\"\\u0041 \(text)\"")).data == "\"\\u0041 \(text)\"")
    }

    private static func data(_ prefix: String, _ token: String) throws -> String? {
        var taking = take
        taking.rules = [
            SecretRule(name: "r", shape: .token(prefix: prefix, alphabet: .digits, lengthMin: 6))
        ]
        return try taking(native(data: token)).data
    }

    @Test(arguments: [
        ("a/b", #""a/b123456""#), ("a/b", #""\u0061/b123456""#), ("C:\\", #""C:\\123456""#),
        ("a\tb", #""\u0061\tb123456""#),
    ])
    func `finds a prefix with letters that are not plain`(prefix: String, token: String) throws {
        #expect(try Self.data(prefix, token) == #""[redacted:r]""#)
    }

    /// `\/` is what PHP writes for a slash; quotes and control characters are always escaped.
    @Test(arguments: [
        ("https://hooks.example/", #""https:\/\/hooks.example\/123456""#),
        ("a/b", #""a\/b123456""#), ("k\"=", #""k\"=123456""#), ("a\tb", #""a\tb123456""#),
        ("a\nb", #""a\u000ab123456""#),
    ])
    func `finds a prefix whose letters are escaped`(prefix: String, token: String) throws {
        #expect(try Self.data(prefix, token) == #""[redacted:r]""#)
    }
}
