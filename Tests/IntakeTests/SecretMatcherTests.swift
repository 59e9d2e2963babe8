@testable import Intake
import Testing
import TestSupport

@Suite struct `A matcher of secrets` {
    /// Short lengths, so that random texts hold whole secrets; prefixes within one another and within
    /// their alphabets; names that are what the walk behind them skips.
    private static let rules =
        [
            SecretRule(name: "key", shape: .privateKey),
            SecretRule(name: "auth", shape: .assignment(name: "Auth")),
            SecretRule(name: "blanks", shape: .assignment(name: " \" ")),
            SecretRule(name: "field", shape: .field(name: "auth")),
        ]
        + [("a-b", 1, 4...9), ("a-b-a.", 1, 3...3), ("b-a", 2, 1...6), ("aab", 3, 2 ... .max)]
        .flatMap { prefix, parts, lengths in
            [SecretRule.Alphabet.hex, .base64url, .token].map { alphabet in
                SecretRule(
                    name: "\(prefix)_\(alphabet)",
                    shape: .token(
                        prefix: prefix, alphabet: alphabet, lengthMin: lengths.lowerBound,
                        lengthMax: lengths.upperBound, parts: parts))
            }
        }

    private static let pieces = [
        "a", "b", "-", ".", "=", ":", " ", "\"", ",", "a-b", "a-b-a.", "b-a", "aab", "auth",
        "AUTH:",
        "basic ", " \" ", "-----BEGIN ", "PRIVATE KEY", "-----END ", "-----", "\n", "aaaaaa",
        ".aaa",
    ]

    @Test(arguments: seeds(100, long: 2_000))
    func `finds what regular expressions find`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var rules = Self.rules.shuffled(using: &random)
        rules.removeLast(Int.random(in: 0..<rules.count, using: &random))
        let matcher = SecretMatcher(rules)
        let patterns = try rules.map(SecretPattern.init)
        for _ in 0..<20 {
            let text = (0..<Int.random(in: 0...40, using: &random))
                .map { _ in random.pick(Self.pieces) }.joined()
            var searched = SearchedText(Array(text.utf8))
            let matches = matcher.matches(in: &searched)
            #expect(matches == SecretPattern.matches(of: patterns, in: text), "\(text)")
        }
    }
}
