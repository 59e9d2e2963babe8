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
