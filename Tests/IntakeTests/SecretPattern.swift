@testable import Intake

/// A rule as a regular expression, which is slower, but says more plainly what is meant.
struct SecretPattern {
    /// In small letters.
    private let literal: String
    private let isToken: Bool
    /// The last group is the secret.
    private let regex: Regex<AnyRegexOutput>

    init(_ rule: SecretRule) throws {
        literal = String(decoding: rule.literal.text, as: UTF8.self).lowercased()
        if case .token = rule.shape { isToken = true } else { isToken = false }
        regex = try Regex(Self.pattern(of: rule.shape)).matchingSemantics(.unicodeScalar)
    }

    private static func pattern(of shape: SecretRule.Shape) -> String {
        switch shape {
        case .token(let prefix, let alphabet, let lengthMin, let lengthMax, let parts):
            let letters = letters(of: alphabet)
            let most = lengthMax == .max ? "" : "\(lengthMax)"
            let run = "\(letters){\(lengthMin),\(most)}(?!\(letters))"
            return "(\(quoted(prefix))\(run)(?:\\.\(run)){\(parts - 1)})"
        case .privateKey:
            return
                #"(-----BEGIN [\s\S]{0,29}?PRIVATE KEY(?:[\s\S]*?-----END [\s\S]*?-----|[\s\S]*))"#
        case .assignment(let name):
            let value = #"[^\x00-\x20,;}"'\\]"#
            let around = #"[ \t"'\\]*+"#
            let scheme = "(?:(?:bearer|basic|token|digest|negotiate|apikey)(?!\(value))[ \\t]*+)?+"
            return "(?i)\(quoted(name))\(around)[:=]\(around)\(scheme)(\(value){6,})"
        case .field: return "(?!)()"
        }
    }

    private static func letters(of alphabet: SecretRule.Alphabet) -> String {
        switch alphabet {
        case .digits: "[0-9]"
        case .hex: "[0-9A-Fa-f]"
        case .upperAlphanumeric: "[0-9A-Z]"
        case .alphanumeric: "[0-9A-Za-z]"
        case .base64url: #"[0-9A-Za-z\-_]"#
        case .token: #"[0-9A-Za-z+/=\-_.~]"#
        }
    }

    private static func quoted(_ text: String) -> String { #"\Q\#(text)\E"# }

    /// The secrets from left to right, by the first pattern at each place.
    static func matches(of patterns: [SecretPattern], in text: String) -> [SecretMatcher.Match] {
        var found: [SecretMatcher.Match] = []
        var start = text.startIndex
        while start < text.endIndex {
            let match = patterns.indices.lazy.compactMap { index in
                patterns[index].secret(at: start, of: text).map { (rule: index, range: $0) }
            }.first
            if let match {
                let lower = text.utf8.distance(from: text.startIndex, to: match.range.lowerBound)
                let count = text.utf8.distance(
                    from: match.range.lowerBound, to: match.range.upperBound)
                found.append(SecretMatcher.Match(rule: match.rule, range: lower..<(lower + count)))
            }
            start = match?.range.upperBound ?? text.unicodeScalars.index(after: start)
        }
        return found
    }

    private func secret(at start: String.Index, of text: String) -> Range<String.Index>? {
        let before = text.unicodeScalars[..<start].last
        let isInWord = before.map {
            $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0)
        }
        guard !(isToken && isInWord == true), text[start...].lowercased().hasPrefix(literal) else {
            return nil
        }
        return (try? regex.prefixMatch(in: text[start...]))?.output.last?.range
    }
}
