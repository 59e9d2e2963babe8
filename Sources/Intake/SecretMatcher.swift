/// Finds secrets in one decoded text.
struct SecretMatcher: Sendable {
    struct Match: Equatable {
        let rule: Int
        let range: Range<Int>
    }

    let rules: [SecretRule]
    let search: LiteralSearch

    init(_ rules: [SecretRule]) {
        self.rules = rules
        search = LiteralSearch(rules.map(\.literal))
    }

    /// All secrets, from left to right, none within another.
    func matches(in text: [UInt8]) -> [Match] {
        var found: [Match] = []
        guard search.isFound(in: text.span, text.indices) else { return found }
        var runs = AlphabetRuns()
        var position = 0
        while position < text.count {
            if let match = match(at: position, in: text, &runs) {
                found.append(match)
                position = max(match.range.upperBound, position + 1)
            } else {
                position += 1
            }
        }
        return found
    }

    /// The text with a marker in the place of each secret.
    func replacing(_ matches: [Match], in text: [UInt8]) -> [UInt8] {
        var clean: [UInt8] = []
        var position = 0
        for match in matches {
            clean += text[position..<match.range.lowerBound]
            clean += marker(match.rule)
            position = match.range.upperBound
        }
        return clean + text[position...]
    }

    func marker(_ rule: Int) -> [UInt8] {
        Array("[redacted:\(rules[rule].name)]".utf8)
    }

    /// The rule for a JSON key whose whole value is secret.
    func rule(forKey key: [UInt8]) -> Int? {
        let name = key.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
        return rules.firstIndex { rule in
            switch rule.shape {
            case .field: name == rule.literal.text
            // `Proxy-Authorization` is as secret.
            case .assignment: name.hasSuffix(rule.literal.text)
            case .token, .privateKey: false
            }
        }
    }

    private func match(
        at position: Int, in text: [UInt8], _ runs: inout AlphabetRuns
    ) -> Match? {
        for rule in search.literals(at: position, in: text.span, text.indices) {
            if let range = secret(rules[rule].shape, at: position, in: text, &runs) {
                return Match(rule: rule, range: range)
            }
        }
        return nil
    }

    private func secret(
        _ shape: SecretRule.Shape, at position: Int, in text: [UInt8], _ known: inout AlphabetRuns
    ) -> Range<Int>? {
        switch shape {
        case .token(let prefix, let alphabet, let lengthMin, let lengthMax, let parts):
            guard !isWordByte(before: position, in: text) else { return nil }
            let start = position + prefix.utf8.count
            return runs(parts, alphabet, lengthMin, lengthMax, from: start, in: text, &known)
                .map { position..<$0 }
        case .privateKey: return PrivateKeyBlock.range(at: position, in: text)
        case .assignment(let name):
            return Assignment.value(after: position + name.utf8.count, in: text)
        case .field: return nil
        }
    }

    /// The end of so many runs of the alphabet, or nil where one is too short or too long.
    private func runs(
        _ count: Int, _ alphabet: SecretRule.Alphabet, _ lengthMin: Int, _ lengthMax: Int,
        from start: Int, in text: [UInt8], _ known: inout AlphabetRuns
    ) -> Int? {
        var position = start
        for part in 0..<count {
            if part > 0 {
                guard position < text.count, text[position] == UInt8(ascii: ".") else { return nil }
                position += 1
            }
            let runStart = position
            position = known.end(of: alphabet, from: position, in: text)
            let length = position - runStart
            guard length >= lengthMin, length <= lengthMax else { return nil }
        }
        return position
    }

    /// A token is a word of its own: `task-…` holds no `sk-…`.
    private func isWordByte(before position: Int, in text: [UInt8]) -> Bool {
        position > 0 && SecretRule.Alphabet.alphanumeric.contains(text[position - 1])
    }
}

/// Where runs of an alphabet end: each run is walked once, however many prefixes stand in it.
private struct AlphabetRuns {
    private var known: [SecretRule.Alphabet: Range<Int>] = [:]

    mutating func end(of alphabet: SecretRule.Alphabet, from start: Int, in text: [UInt8]) -> Int {
        if let run = known[alphabet], run.contains(start) { return run.upperBound }
        var end = start
        while end < text.count, alphabet.contains(text[end]) { end += 1 }
        known[alphabet] = start..<end
        return end
    }
}

extension [UInt8] {
    func hasSuffix(_ suffix: [UInt8]) -> Bool {
        count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
    }
}

/// A private key as PEM (RFC 7468) or OpenPGP armour, its line ends real or written as `\n`.
enum PrivateKeyBlock {
    static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let label = Array("PRIVATE KEY".utf8)
    private static let dashes = Array("-----".utf8)
    /// `-----BEGIN PGP PRIVATE KEY BLOCK-----` and the like.
    private static let labelBytesMax = 40

    static func range(at start: Int, in text: [UInt8]) -> Range<Int>? {
        let labelStart = start + begin.count
        let labelEnd = min(labelStart + labelBytesMax, text.count)
        guard find(label, in: text, labelStart..<labelEnd) != nil else { return nil }
        guard let footer = find(end, in: text, labelEnd..<text.count),
            let close = find(dashes, in: text, (footer + end.count)..<text.count)
        else { return start..<text.count }
        return start..<(close + dashes.count)
    }

    private static func find(_ needle: [UInt8], in text: [UInt8], _ range: Range<Int>) -> Int? {
        guard range.count >= needle.count else { return nil }
        return (range.lowerBound...(range.upperBound - needle.count)).first { start in
            text[start..<(start + needle.count)].elementsEqual(needle)
        }
    }
}

/// `name: value`, `name=value`, `"name": "value"`, `name: Scheme value`.
enum Assignment {
    private static let schemes = ["bearer", "basic", "token", "digest", "negotiate", "apikey"]
    /// Shorter values are words such as `none` or `required`.
    private static let valueBytesMin = 6

    static func value(after position: Int, in text: [UInt8]) -> Range<Int>? {
        var start = skip(position, in: text) { isQuote($0) || isBlank($0) }
        guard start < text.count,
            text[start] == UInt8(ascii: ":") || text[start] == UInt8(ascii: "=")
        else { return nil }
        start = skip(start + 1, in: text) { isQuote($0) || isBlank($0) }
        var end = skip(start, in: text) { !isQuote($0) && !isDelimiter($0) }
        let word = String(decoding: text[start..<end], as: UTF8.self).lowercased()
        if schemes.contains(word) {
            start = skip(end, in: text, while: isBlank)
            end = skip(start, in: text) { !isQuote($0) && !isDelimiter($0) }
        }
        return end - start >= valueBytesMin ? start..<end : nil
    }

    private static func skip(
        _ position: Int, in text: [UInt8], while isSkipped: (UInt8) -> Bool
    ) -> Int {
        text[min(position, text.count)...].firstIndex { !isSkipped($0) } ?? text.count
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// With the backslash that stands before it in JSON within JSON.
    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
            || byte == UInt8(ascii: "}")
    }
}
