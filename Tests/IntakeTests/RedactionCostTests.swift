@testable import Intake
import Testing

/// What a sender repeats must not cost more than the bytes that it sends. Counted in bytes looked at,
/// so that a busy machine changes nothing: eight times the bytes cost about eight times as much, where a
/// cost that grows as their square is sixty-four times as much.
@Suite struct `The cost of redaction` {
    private static let bytes = 120
    private static let growth = 8

    /// A text that is made of the same part over and over again.
    private static func repeated(_ text: String, _ bytes: Int) -> String {
        String(repeating: text, count: bytes / text.utf8.count)
    }

    private static let defaults = SecretMatcher(SecretRule.defaults)

    private static func visits(_ data: String, _ matcher: SecretMatcher) -> Int {
        let event = Array(native(data: data).utf8)
        var pass = RedactionPass(matcher: matcher, 0..<event.count)
        _ = pass.run(over: event.span)
        return pass.visitedBytes
    }

    private static func expectLinear(
        _ matcher: SecretMatcher = defaults, of data: (Int) -> String
    ) {
        let few = visits(data(bytes), matcher)
        let many = visits(data(bytes * growth), matcher)
        #expect(many <= few * growth * 2, "\(data(50))")
    }

    /// What may stand between two beginnings, and what may let all of them down, far behind.
    private static let glues = ["-", ".", " \"", "=\t"]
    private static let ends = ["", "!", ".b", ":", "\"", " "]

    @Test(arguments: SecretRule.defaults)
    func `grows with a text that nearly is secret, by whichever rule`(rule: SecretRule) {
        let beginning = String(decoding: rule.literal.text, as: UTF8.self)
        for glue in Self.glues {
            Self.expectLinear { token(Self.repeated(glue + beginning, $0)) }
            for end in Self.ends {
                Self.expectLinear { bytes in
                    token(
                        Self.repeated(glue + beginning, bytes) + Self.repeated("a", bytes) + end)
                }
            }
        }
    }

    /// The many beginnings share their first part, and what follows it lets all of them down.
    @Test(arguments: ["jwt", "sendgrid_key"], ["", ".b", ".bbbbbbbb.", ".bbbbbbbb.c"])
    func `grows with a text in many parts`(rule: String, end: String) throws {
        let matcher = SecretMatcher(SecretRule.defaults.filter { $0.name == rule })
        let beginning =
            "-" + String(decoding: try #require(matcher.rules.first).literal.text, as: UTF8.self)
        Self.expectLinear(matcher) { bytes in
            token(Self.repeated(beginning, bytes) + "." + Self.repeated("a", bytes) + end)
        }
        Self.expectLinear(matcher) { bytes in
            token(Self.repeated(beginning + ".a", bytes) + "." + Self.repeated("a", bytes) + end)
        }
    }

    @Test(arguments: [
        "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----END ",
        "-----END -----BEGIN ", "-----BEGIN PRIVATE KE", "-----BEGIN -----END PRIVATE KEY",
        "-----END ", "-----",
    ])
    func `grows with a text full of keys without an end`(part: String) {
        Self.expectLinear { token(Self.repeated(part, $0)) }
        Self.expectLinear { token("-----BEGIN PRIVATE KEY" + Self.repeated(part, $0)) }
        Self.expectLinear { token(Self.repeated(part, $0) + Self.repeated("-", $0)) }
    }

    @Test(arguments: [
        "authorization", "authorization ", "authorization:", "authorization: Bearer ",
        "authorization=none ", "x-api-key\\\"", "aws_session_token : token '", "accountkey=x;",
    ])
    func `grows with a text full of names without a value`(part: String) {
        Self.expectLinear { token(Self.repeated(part, $0)) }
        Self.expectLinear { bytes in
            token(Self.repeated(part, bytes) + Self.repeated(" ", bytes) + ":x")
        }
        Self.expectLinear { bytes in
            token(Self.repeated(part + Self.repeated(" ", bytes / 10), bytes))
        }
    }

    /// An operator's own rules may begin with anything, such as what the walk behind them skips.
    @Test(arguments: ["aaa", "   ", "\"\"\"", "\t \t", ":::", "=='", "a.a"])
    func `grows with a text that is all beginnings`(beginning: String) {
        let shapes =
            [.assignment(name: beginning), .field(name: beginning)]
            + SecretRule.Alphabet.allCases.flatMap { alphabet in
                [1, 3].map { parts in
                    SecretRule.Shape.token(
                        prefix: beginning, alphabet: alphabet, lengthMin: 4, lengthMax: 5,
                        parts: parts)
                }
            }
        let matcher = SecretMatcher(shapes.map { SecretRule(name: "own", shape: $0) })
        for glue in ["", "-", ".", " "] {
            for end in Self.ends {
                Self.expectLinear(matcher) { token(Self.repeated(beginning + glue, $0) + end) }
            }
        }
    }

    @Test(arguments: [
        (#"1,"b":["#, "]"), (#"null,"b":["#, "]"), (#"[1],"b":["#, "]"), (#"[],"b":["#, "]"),
        (#"{},"b":["#, "]"), ("[", "]"), ("[1,", "]"), ("[[1],", "]"), (#"[{"b":["#, "]}]"),
    ])
    func `grows with what stands between a key and the texts behind it`(start: String, end: String)
    {
        Self.expectLinear { bytes in
            let blanks = Self.repeated(" ", bytes)
            let texts = Self.repeated(#""a","#, bytes) + #""a""#
            return #"{"authorization":\#(blanks)\#(start)\#(texts)\#(end)}"#
        }
        Self.expectLinear { bytes in
            let members = Self.repeated(#""authorization":7, "#, bytes)
            return #"{\#(members)"authorization":\#(start)\#(Self.repeated(" ", bytes))\#(end)}"#
        }
    }

    @Test func `grows with keys within one another`() {
        Self.expectLinear { bytes in
            Self.repeated(#"{"authorization":["#, bytes) + Self.repeated(#""x","#, bytes)
        }
    }
}
