/// How often a rule found its secret in an event.
public struct Redaction: Equatable, Sendable {
    public let rule: String
    public internal(set) var count: Int
}

/// Takes secrets out of an event before anything of it is capped, hashed or stored.
///
/// It works on what strings say, keys and ids included, so no spelling hides a secret; only the token
/// of a string that held one is written anew, everything else keeps its bytes.
public struct Redactor: Sendable {
    private let matcher: SecretMatcher
    /// Some rule's literal has a character that JSON writes with a backslash.
    private let needsUnescaping: Bool

    public init(rules: [SecretRule] = SecretRule.defaults) {
        matcher = SecretMatcher(rules)
        needsUnescaping = rules.contains { rule in
            rule.literal.text.contains { $0 < 0x20 || "\"\\/".utf8.contains($0) }
        }
    }

    /// Whether the event needs a closer look: cheap, and never wrong about «no».
    /// - Parameters:
    ///   - hidesASCII: a string spells ASCII by `\u`.
    ///   - hasEscapes: a string has an escape of any kind.
    public func suspects(
        _ range: Range<Int>, of bytes: Span<UInt8>, hidesASCII: Bool, hasEscapes: Bool = false
    ) -> Bool {
        hidesASCII || (needsUnescaping && hasEscapes) || matcher.search.isFound(in: bytes, range)
    }

    /// A text without its secrets; nil where there are none.
    func redact(text: String) -> String? {
        var searched = SearchedText(Array(text.utf8))
        let matches = matcher.matches(in: &searched)
        guard !matches.isEmpty else { return nil }
        return String(decoding: matcher.replacing(matches, in: searched.bytes), as: UTF8.self)
    }

    /// The event without its secrets, and what they were; nil where there are none.
    public func redact(
        _ range: Range<Int>, of bytes: Span<UInt8>
    ) -> (bytes: [UInt8], counts: [Redaction])? {
        var pass = RedactionPass(matcher: matcher, range)
        return pass.run(over: bytes) ? (pass.output, pass.counts) : nil
    }
}
