internal import StrictJSON

/// One walk over an event's strings.
struct RedactionPass {
    private let matcher: SecretMatcher
    private let range: Range<Int>
    private(set) var output: [UInt8] = []
    private(set) var counts: [Redaction] = []
    /// How many bytes were looked at for secrets.
    private(set) var visitedBytes = 0
    private var copied: Int
    private var walked: Int
    private var decoded: [UInt8] = []
    private var valueRules = ValueRules()

    init(matcher: SecretMatcher, _ range: Range<Int>) {
        self.matcher = matcher
        self.range = range
        copied = range.lowerBound
        walked = range.lowerBound
    }

    /// - Returns: whether there was a secret.
    mutating func run(over bytes: Span<UInt8>) -> Bool {
        var walker = JSONStringWalker(range)
        while let token = walker.next(in: bytes) {
            move(to: token.range, bytes)
            if token.isKey {
                valueRules.key(redactKey(token, bytes))
            } else if let rule = valueRules.next {
                redactWhole(token.range, rule, bytes)
            } else if decodeSuspect(token, bytes) {
                redactText(token.range, bytes)
            }
        }
        guard !counts.isEmpty else { return false }
        output.append(contentsOf: bytes, copied..<range.upperBound)
        return true
    }

    private mutating func move(to token: Range<Int>, _ bytes: Span<UInt8>) {
        let gap = walked..<token.lowerBound
        valueRules.move(over: gap, of: bytes)
        visitedBytes += gap.count + token.count
        walked = token.upperBound
    }

    /// - Returns: the rule that the key's value falls under.
    private mutating func redactKey(
        _ token: JSONStringWalker.Token, _ bytes: Span<UInt8>
    ) -> Int? {
        guard decodeSuspect(token, bytes) else { return nil }
        redactText(token.range, bytes)
        return matcher.rule(forKey: decoded)
    }

    /// - Returns: whether the string may hold a secret, and so was decoded.
    private mutating func decodeSuspect(
        _ token: JSONStringWalker.Token, _ bytes: Span<UInt8>
    ) -> Bool {
        guard token.hasEscape || matcher.search.isFound(in: bytes, token.range) else {
            return false
        }
        decoded.removeAll(keepingCapacity: true)
        JSONString.decode(token.range, in: bytes, appendingTo: &decoded)
        return true
    }

    private mutating func redactWhole(_ token: Range<Int>, _ rule: Int, _ bytes: Span<UInt8>) {
        // Nothing is hidden in an empty string.
        guard token.count > 2 else { return }
        count(rule)
        replace(token, by: matcher.markers[rule], bytes)
    }

    private mutating func redactText(_ token: Range<Int>, _ bytes: Span<UInt8>) {
        var text = SearchedText(decoded)
        let matches = matcher.matches(in: &text)
        visitedBytes += text.visitedBytes
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
