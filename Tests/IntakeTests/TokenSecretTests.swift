import EventFormats
import Intake
import Testing

@Suite struct `A secret` {
    /// The event with the secret in it is stored with the marker in its place.
    private static func expectRedacted(
        _ sample: SecretSample, _ secret: String, in data: (String) -> String, count: Int = 1,
        by spelled: (String) -> String = token
    ) throws {
        let clean = data("[redacted:\(sample.rule)]")
        let taken = try take(native(data: spelled(data(secret))))
        #expect(taken.data == token(clean), "\(sample.rule)")
        #expect(taken.metadata == #"{"redacted":{"\#(sample.rule)":\#(count)}}"#)
        #expect(!taken.text.contains(sample.run(8)))
    }

    private static func expectKept(_ text: String) throws {
        let taken = try take(native(data: token(text)))
        #expect(taken.data == token(text))
        #expect(taken.metadata == nil)
    }

    @Test(arguments: SecretSample.all)
    func `of every kind is taken out, be it as short as can be or longer`(sample: SecretSample)
        throws
    {
        try Self.expectRedacted(sample, sample.secret(), in: { $0 })
        guard !sample.isExact else { return }
        for extra in [1, 20, 500] {
            try Self.expectRedacted(sample, sample.secret(longerBy: extra), in: { $0 })
        }
    }

    @Test(arguments: SecretSample.all)
    func `is none if it is too short, or of a fixed length and too long`(sample: SecretSample)
        throws
    {
        try Self.expectKept(sample.secret(longerBy: -1))
        try Self.expectKept(sample.prefixText)
        try Self.expectKept(String(sample.secret().dropLast()))
        if sample.isExact { try Self.expectKept(sample.secret(longerBy: 1)) }
        if sample.parts > 1 {
            try Self.expectKept(sample.prefixText + sample.run(40))
            try Self.expectKept(sample.secret().replacing(".", with: "!"))
        }
    }

    @Test(arguments: SecretSample.all)
    func `is taken out wherever in a text it stands`(sample: SecretSample) throws {
        let secret = sample.secret()
        try Self.expectRedacted(sample, secret, in: { "\($0) behind" })
        try Self.expectRedacted(sample, secret, in: { "before \($0)" })
        try Self.expectRedacted(sample, secret, in: { "KEY=\($0)\nNEXT=1" })
        try Self.expectRedacted(sample, secret, in: { "é\"\($0)\" 😀\\" })
        try Self.expectRedacted(sample, secret, in: { "(\($0))" })
        try Self.expectRedacted(sample, secret, in: { "\($0),\($0)" }, count: 2)
        try Self.expectRedacted(sample, secret, in: { "https://u:\($0)@host/_\($0)" }, count: 2)
    }

    @Test(arguments: SecretSample.all)
    func `is taken out at every place of a word of eight bytes`(sample: SecretSample) throws {
        for length in 0..<9 {
            let filler = String(repeating: ".", count: length)
            try Self.expectRedacted(sample, sample.secret(), in: { filler + $0 })
        }
    }

    @Test(arguments: SecretSample.all)
    func `is taken out however it is spelled`(sample: SecretSample) throws {
        let secret = sample.secret()
        let escapes = secret.map { escapedToken(String($0)).dropFirst().dropLast() }
        try Self.expectRedacted(sample, secret, in: { "x \($0)" }, by: escapedToken)
        for place in secret.indices.prefix(12) {
            let index = secret.distance(from: secret.startIndex, to: place)
            let partly =
                secret.prefix(index) + escapes[index] + secret.dropFirst(index + 1)
            try Self.expectRedacted(sample, secret, in: { $0 }) { _ in "\"\(partly)\"" }
        }
    }

    @Test(arguments: SecretSample.all)
    func `is none behind a letter or a digit`(sample: SecretSample) throws {
        for before in ["x", "Z", "0", "ta"] { try Self.expectKept(before + sample.secret()) }
        for before in ["_", "-", "é", "\n", "/"] {
            try Self.expectRedacted(sample, sample.secret(), in: { before + $0 })
        }
    }

    @Test(arguments: SecretSample.all)
    func `is taken out of keys, ids and whatever else a sender says`(sample: SecretSample) throws {
        let secret = sample.secret()
        let marker = "[redacted:\(sample.rule)]"
        func event(_ text: String) -> String {
            #"""
            {"type":"T \#(text)","source_app":"\#(text)","session_id":"\#(text)!",\#
            "agent_id":"\#(text)","event_id":"a \#(text)","data":{"\#(text)":[{"k":["\#(text)"]}]},\#
            "metadata":{"\#(text)":"\#(text)"},"id":"\#(text)","\#(text)":{"\#(text)":1}}
            """#
        }
        let taken = try take(event(secret))
        let clean = try take(event(marker))
        #expect(!String(decoding: taken.batchBytes, as: UTF8.self).contains(sample.run(8)))
        #expect(
            taken.text
                == clean.text.replacing(
                    #""sender":{"id":"\#(marker)"}}"#,
                    with: #""sender":{"id":"\#(marker)"},"redacted":{"\#(sample.rule)":12}}"#))
        #expect(taken.item.key == clean.item.key)
        #expect(taken.item.content == clean.item.content)
    }

    @Test func `has a sample here for every rule, and every prefix`() {
        var prefixes: Set<String> = []
        var others: Set<String> = []
        for rule in SecretRule.defaults {
            if case .token(let prefix, _, _, _, _) = rule.shape {
                prefixes.insert(rule.name + " " + prefix)
            } else {
                others.insert(rule.name)
            }
        }
        #expect(prefixes == Set(SecretSample.all.map { $0.rule + " " + $0.prefixText }))
        #expect(
            others == [
                "private_key", "authorization", "api_key", "aws_secret", "azure_account_key",
            ])
        #expect(SecretRule.defaults.allSatisfy { $0.name.allSatisfy { $0.isASCII && $0 != "\"" } })
    }
}

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
