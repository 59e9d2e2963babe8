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

    public init(rules: [SecretRule] = SecretRule.defaults) {
        matcher = SecretMatcher(rules)
    }

    /// Whether the event needs a closer look: cheap, and never wrong about «no».
    public func suspects(_ range: Range<Int>, of bytes: Span<UInt8>, hidesASCII: Bool) -> Bool {
        hidesASCII || matcher.search.isFound(in: bytes, range)
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
    /// The rule of a key whose value comes next, and where that value must begin.
    private var pending: (rule: Int, keyEnd: Int)?

    init(matcher: SecretMatcher, _ range: Range<Int>) {
        self.matcher = matcher
        self.range = range
        copied = range.lowerBound
    }

    mutating func run(over bytes: Span<UInt8>) -> Bool {
        var walker = JSONStringWalker(range)
        while let token = walker.next(in: bytes) {
            if let rule = takePending(before: token, bytes) {
                replace(token.range, by: marker(rule), bytes)
                count(rule)
            } else if token.hasEscape || matcher.search.isFound(in: bytes, token.range) {
                redact(token, bytes)
            }
        }
        guard !counts.isEmpty else { return false }
        output.append(contentsOf: bytes, copied..<range.upperBound)
        return true
    }

    /// A secret field's value is this string if nothing but a colon stands between.
    private mutating func takePending(
        before token: JSONStringWalker.Token, _ bytes: Span<UInt8>
    ) -> Int? {
        guard let (rule, keyEnd) = pending else { return nil }
        pending = nil
        guard !token.isKey, token.range.count > 2 else { return nil }
        for index in keyEnd..<token.range.lowerBound
        where bytes[index] > 0x20 && bytes[index] != UInt8(ascii: ":") {
            return nil
        }
        return rule
    }

    private mutating func redact(_ token: JSONStringWalker.Token, _ bytes: Span<UInt8>) {
        decoded.removeAll(keepingCapacity: true)
        JSONString.decode(token.range, in: bytes, appendingTo: &decoded)
        redactText(token.range, bytes)
        if token.isKey, let rule = matcher.rule(forKey: decoded) {
            pending = (rule, token.range.upperBound)
        }
    }

    private mutating func redactText(_ token: Range<Int>, _ bytes: Span<UInt8>) {
        let matches = matcher.matches(in: decoded)
        guard !matches.isEmpty else { return }
        var clean: [UInt8] = []
        var position = 0
        for match in matches {
            clean += decoded[position..<match.range.lowerBound]
            clean += marker(match.rule)
            position = match.range.upperBound
            count(match.rule)
        }
        clean += decoded[position...]
        replace(token, by: clean, bytes)
    }

    private mutating func replace(_ token: Range<Int>, by text: [UInt8], _ bytes: Span<UInt8>) {
        output.append(contentsOf: bytes, copied..<token.lowerBound)
        JSONString.encode(text.span, appendingTo: &output)
        copied = token.upperBound
    }

    private func marker(_ rule: Int) -> [UInt8] {
        Array("[redacted:\(matcher.rules[rule].name)]".utf8)
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
