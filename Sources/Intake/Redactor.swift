internal import StrictJSON

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
        let bytes = Array(text.utf8)
        let matches = matcher.matches(in: bytes)
        guard !matches.isEmpty else { return nil }
        return String(decoding: matcher.replacing(matches, in: bytes), as: UTF8.self)
    }

    /// The event without its secrets, and what they were; nil where there are none.
    public func redact(
        _ range: Range<Int>, of bytes: Span<UInt8>
    ) -> (bytes: [UInt8], counts: [Redaction])? {
        var pass = RedactionPass(matcher: matcher, range)
        return pass.run(over: bytes) ? (pass.output, pass.counts) : nil
    }
}

/// One walk over an event's strings.
private struct RedactionPass {
    let matcher: SecretMatcher
    let range: Range<Int>
    private(set) var output: [UInt8] = []
    private(set) var counts: [Redaction] = []
    private var copied: Int
    private var decoded: [UInt8] = []
    /// A key whose value, or each of several in an array, is secret.
    private var pending: SecretField?

    init(matcher: SecretMatcher, _ range: Range<Int>) {
        self.matcher = matcher
        self.range = range
        copied = range.lowerBound
    }

    mutating func run(over bytes: Span<UInt8>) -> Bool {
        var walker = JSONStringWalker(range)
        while let token = walker.next(in: bytes) {
            if let rule = pending?.rule(for: token, in: bytes) {
                replace(token.range, by: matcher.marker(rule), bytes)
                count(rule)
            } else if token.hasEscape || matcher.search.isFound(in: bytes, token.range) {
                redact(token, bytes)
            }
        }
        guard !counts.isEmpty else { return false }
        output.append(contentsOf: bytes, copied..<range.upperBound)
        return true
    }

    private mutating func redact(_ token: JSONStringWalker.Token, _ bytes: Span<UInt8>) {
        decoded.removeAll(keepingCapacity: true)
        JSONString.decode(token.range, in: bytes, appendingTo: &decoded)
        redactText(token.range, bytes)
        if token.isKey, let rule = matcher.rule(forKey: decoded) {
            pending = SecretField(rule: rule, end: token.range.upperBound)
        }
    }

    private mutating func redactText(_ token: Range<Int>, _ bytes: Span<UInt8>) {
        let matches = matcher.matches(in: decoded)
        guard !matches.isEmpty else { return }
        for match in matches { count(match.rule) }
        replace(token, by: matcher.replacing(matches, in: decoded), bytes)
    }

    private mutating func replace(_ token: Range<Int>, by text: [UInt8], _ bytes: Span<UInt8>) {
        output.append(contentsOf: bytes, copied..<token.lowerBound)
        JSONString.encode(text.span, appendingTo: &output)
        copied = token.upperBound
    }

    private mutating func count(_ rule: Int) {
        let name = matcher.rules[rule].name
        if let index = counts.firstIndex(where: { $0.rule == name }) {
            counts[index].count += 1
        } else {
            counts.append(Redaction(rule: name, count: 1))
        }
    }
}

/// A key that calls its value secret: which strings belong to it.
private struct SecretField {
    private let rule: Int
    /// Where the key, or the value before, ends.
    private var end: Int
    private var isInArray = false

    init(rule: Int, end: Int) {
        self.rule = rule
        self.end = end
    }

    /// The rule, where nothing but a colon, the start of an array or a comma within it stands between.
    mutating func rule(for token: JSONStringWalker.Token, in bytes: Span<UInt8>) -> Int? {
        guard !token.isKey, token.range.count > 2 else { return nil }
        for index in end..<token.range.lowerBound where bytes[index] > 0x20 {
            switch bytes[index] {
            case UInt8(ascii: ":"): break
            case UInt8(ascii: "["): isInArray = true
            case UInt8(ascii: ",") where isInArray: break
            default: return nil
            }
        }
        end = token.range.upperBound
        return rule
    }
}
