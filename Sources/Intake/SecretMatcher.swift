/// Finds secrets in one decoded text.
struct SecretMatcher: Sendable {
    struct Match: Equatable {
        let rule: Int
        let range: Range<Int>
    }

    let rules: [SecretRule]
    let search: LiteralSearch
    /// What stands in the place of each rule's secrets.
    let markers: [[UInt8]]
    private let keys: SecretKeys

    init(_ rules: [SecretRule]) {
        self.rules = rules
        search = LiteralSearch(rules.map(\.literal))
        markers = rules.map { Array("[redacted:\($0.name)]".utf8) }
        keys = SecretKeys(rules)
    }

    /// All secrets, from left to right, none within another.
    func matches(in text: inout SearchedText) -> [Match] {
        var found: [Match] = []
        guard search.isFound(in: text.bytes.span, text.bytes.indices) else { return found }
        var position = 0
        while position < text.bytes.count {
            if let match = match(at: position, in: &text) {
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
            clean += markers[match.rule]
            position = match.range.upperBound
        }
        return clean + text[position...]
    }

    /// The rule for a JSON key whose whole value is secret.
    func rule(forKey key: [UInt8]) -> Int? { keys.rule(for: key) }

    private func match(at position: Int, in text: inout SearchedText) -> Match? {
        let literals = search.literals(at: position, in: text.bytes.span, text.bytes.indices)
        for rule in literals {
            if let range = secret(rules[rule].shape, at: position, in: &text) {
                return Match(rule: rule, range: range)
            }
        }
        return nil
    }

    private func secret(
        _ shape: SecretRule.Shape, at position: Int, in text: inout SearchedText
    ) -> Range<Int>? {
        switch shape {
        case .token(let prefix, let alphabet, let lengthMin, let lengthMax, let parts):
            guard !isWordByte(before: position, in: text) else { return nil }
            let runs = TokenRuns(
                alphabet: alphabet, lengthMin: lengthMin, lengthMax: lengthMax, parts: parts)
            return runs.end(from: position + prefix.utf8.count, in: &text).map { position..<$0 }
        case .privateKey: return PrivateKeyBlock.range(at: position, in: &text)
        case .assignment(let name):
            return Assignment.value(after: position + name.utf8.count, in: &text)
        case .field: return nil
        }
    }

    /// A token is a word of its own: `task-…` holds no `sk-…`.
    private func isWordByte(before position: Int, in text: SearchedText) -> Bool {
        position > 0 && SecretRule.Alphabet.alphanumeric.contains(text.bytes[position - 1])
    }
}
